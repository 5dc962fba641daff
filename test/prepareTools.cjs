/**
 * Before suites with real processes: the programs they run, built or downloaded where the cache lacks them, with
 * progress. Inside a test it would run into that test's deadline on a new machine.
 */
const { spawnSync } = require("node:child_process");
const { join } = require("node:path");

module.exports = () => {
  const bin = join(__dirname, "..", "cli", "bin.cjs");
  const { status, error } = spawnSync(process.execPath, [bin, "lab", "tools", "--install"], {
    stdio: ["ignore", 2, 2],
  });
  if (status !== 0)
    throw new Error(
      `the tools for these tests can't be made ready: ${error?.message ?? `exit code ${status}`}`,
    );
};

/**
 * Before suites with real processes: the programs they run, and one scratch folder for everything they leave, which a
 * sweeper empties when this process is gone, however it went.
 */
const { spawn, spawnSync } = require("node:child_process");
const { mkdtempSync, realpathSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");

/** Built or downloaded where the cache lacks them; inside a test this would run into that test's deadline. */
const prepareTools = () => {
  const bin = join(__dirname, "..", "cli", "bin.cjs");
  const { status, error } = spawnSync(process.execPath, [bin, "lab", "tools", "--install"], {
    stdio: ["ignore", "ignore", 2],
  });
  if (status !== 0)
    throw new Error(
      `the tools for these tests can't be made ready: ${error?.message ?? `exit code ${status}`}`,
    );
};

/** All that tests start inherits TMPDIR, so this folder's name marks it as theirs. */
const openScratch = () => {
  if (process.env.CHANGEOVER_TEST_SCRATCH !== undefined) return;
  const root = realpathSync(mkdtempSync(join(tmpdir(), "changeover-test-")));
  process.env.CHANGEOVER_TEST_SCRATCH = root;
  process.env.TMPDIR = root;
  const sweeper = [join(__dirname, "sweeper.cjs"), String(process.pid), root];
  spawn(process.execPath, sweeper, { detached: true, stdio: "ignore", cwd: "/", env: {} }).unref();
};

module.exports = () => {
  prepareTools();
  openScratch();
};

/**
 * `npm test`: installs what is missing, then runs the suites, cheapest first, and ends with one line
 * "N passed, N failed". Arguments go to jest (`npm test -- test/unit/core`); without any, all suites run but the longest file.
 */
const { spawn } = require("node:child_process");
const { mkdtempSync, readFileSync, rmSync } = require("node:fs");
const { tmpdir } = require("node:os");
const { join } = require("node:path");
const { ensureDependencies, nodePath, root } = require("./bootstrap.cjs");

/** Kills some forty drains, each of which is run again to its end: `npm run test:drain` has it. */
const LONG = ["/node_modules/", "test/lab/drain/killAnywhere"];

/** Suites that share a kind of cost. Two files at a time with real processes: they wait more than they work. */
const SUITES = [
  { name: "unit", args: ["test/unit", "--maxWorkers=100%"] },
  {
    name: "lab",
    args: ["test/lab", "--maxWorkers=2", ...LONG.map(path => `--testPathIgnorePatterns=${path}`)],
  },
  { name: "engine", args: ["test/engine", "test/package", "--maxWorkers=2"] },
];

const scratch = mkdtempSync(join(tmpdir(), "changeover-test-"));
const node = () => nodePath();

const environment = () => ({
  ...process.env,
  PATH: [join(root, "node_modules", ".bin"), process.env.PATH].join(process.platform === "win32" ? ";" : ":"),
  NODE_OPTIONS: [process.env.NODE_OPTIONS, "--no-warnings=ExperimentalWarning"].filter(Boolean).join(" "),
});

const runJest = suite =>
  new Promise(resolve => {
    const file = join(scratch, `${suite.name}.json`);
    const jest = join(root, "node_modules", "jest", "bin", "jest.js");
    const args = [
      jest,
      "--config",
      join(root, "jest.config.cjs"),
      // A test that failed may leave a watch or a loop behind: its failure is told, the run still ends.
      "--forceExit",
      "--json",
      `--outputFile=${file}`,
      ...suite.args,
    ];
    const child = spawn(node(), args, { cwd: root, env: environment(), stdio: ["ignore", 2, 2] });
    const forward = signal => child.kill(signal);
    process.once("SIGINT", forward);
    process.once("SIGTERM", forward);
    child.once("exit", code => {
      process.off("SIGINT", forward);
      process.off("SIGTERM", forward);
      resolve({ code, ...readCounts(file) });
    });
  });

/** A suite that did not even start counts as one failure: silence is not success. */
const readCounts = file => {
  try {
    const { numPassedTests, numFailedTests, numRuntimeErrorTestSuites } = JSON.parse(
      readFileSync(file, "utf8"),
    );
    return { passed: numPassedTests, failed: numFailedTests + numRuntimeErrorTestSuites };
  } catch {
    return { passed: 0, failed: 1 };
  }
};

const main = async () => {
  ensureDependencies();
  const asked = process.argv.slice(2);
  const workers = asked.some(word => word.startsWith("--maxWorkers")) ? [] : ["--maxWorkers=2"];
  const suites = asked.length > 0 ? [{ name: "asked", args: [...workers, ...asked] }] : SUITES;
  const total = { passed: 0, failed: 0 };
  for (const suite of suites) {
    console.error(`\n== ${suite.name}`);
    const { code, passed, failed } = await runJest(suite);
    total.passed += passed;
    total.failed += failed + (code !== 0 && failed === 0 ? 1 : 0);
  }
  rmSync(scratch, { recursive: true, force: true });
  console.log(`${total.passed} passed, ${total.failed} failed`);
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
};

main();

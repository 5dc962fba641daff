/**
 * Three projects by cost: `jest --selectProjects unit`, or a path (`jest test/lab/kube`).
 * Types are checked by `npm run types`; here they are only stripped.
 */
const swc = {
  jsc: { parser: { syntax: "typescript" }, target: "es2023", keepClassNames: true },
  module: { type: "commonjs" },
  sourceMaps: "inline",
};

const project = (displayName, folders, timeoutMs) => ({
  displayName,
  rootDir: __dirname,
  roots: ["<rootDir>/test"],
  testMatch: folders.map(folder => `<rootDir>/test/${folder}/**/*.test.ts`),
  testEnvironment: "node",
  transform: { "\\.ts$": ["@swc/jest", swc] },
  testPathIgnorePatterns: ["/node_modules/", "/build/", "<rootDir>/templates/"],
  modulePathIgnorePatterns: ["<rootDir>/build/", "<rootDir>/templates/"],
  globals: { TEST_TIMEOUT_MS: timeoutMs },
  setupFilesAfterEnv: ["<rootDir>/test/testTimeout.cjs", "<rootDir>/test/draws.cjs"],
});

const REAL = { globalSetup: "<rootDir>/test/realProcesses.cjs" };

module.exports = {
  projects: [
    project("unit", ["unit"], 10_000),
    // Real processes: starting a control plane takes seconds, on a busy machine tens of them.
    { ...project("lab", ["lab"], 180_000), ...REAL },
    { ...project("engine", ["engine", "package"], 600_000), ...REAL },
  ],
  testSequencer: "<rootDir>/test/longestFirst.cjs",
  // Half of the cores: the suites with real processes need the other half for them.
  maxWorkers: "50%",
  // Cases that share a lab mostly wait.
  maxConcurrency: 10,
};

/* global jest */
// Jest takes `testTimeout` for all projects alike only: each project's own comes in as a global.
jest.setTimeout(globalThis.TEST_TIMEOUT_MS);

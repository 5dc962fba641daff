export { ensureControlPlane } from "./plane/ensure";
export { exactVersion, newestVersion, runnableMinors } from "./plane/programs";
export { readControlPlane } from "./plane/read";
export type { ControlPlaneSpec, ControlPlaneState, ProcessState, RunOptions } from "./plane/spec";
export { stopControlPlane } from "./plane/stop";
export { askServer } from "./probe";
export { lastLines } from "./process/tail";

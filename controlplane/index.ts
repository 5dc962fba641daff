export { ensureControlPlane } from "./plane/ensure";
export { readControlPlane } from "./plane/read";
export type { ControlPlaneSpec, ControlPlaneState, ProcessState, RunOptions } from "./plane/spec";
export { stopControlPlane } from "./plane/stop";

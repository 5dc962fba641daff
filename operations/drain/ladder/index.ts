/** What is done for workloads that cannot be evicted, and how it is taken back. */
export type { LadderRequest } from "./live";
export { revertSurges, type RevertPorts } from "./revertSurges";
export { startLadder, type Ladder, type LadderPorts } from "./runLadder";

/** What the gate of a generation does in the cluster; the rest of this live half is the cloud's (`../live.ts`). */
export { ensureMachines, isThere } from "../live/karpenter/ensure";
export { removeMachines } from "../live/karpenter/remove";

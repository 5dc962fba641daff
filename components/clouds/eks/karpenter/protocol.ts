import type { GateInputs } from "../../../gates/protocol";
import type { Ec2NodeClass, NodePool } from "./objects";

/** One generation of a pool whose machines Karpenter makes. Nothing of it is changed by the program but its bounds. */
export interface KarpenterMachinesInputs extends GateInputs {
  readonly gate: "KarpenterMachines";
  readonly cluster: string;
  readonly pool: string;
  readonly generation: string;
  /** As it is while the pool runs on it: gates alone close and open it. */
  readonly nodePool: NodePool;
  readonly nodeClass: Ec2NodeClass;
}

export type KarpenterMachinesOutputs = KarpenterMachinesInputs;

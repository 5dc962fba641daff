import type { GateInputs } from "../protocol";
import type { Transition } from "../transition";

export interface HealthGateInputs extends GateInputs {
  readonly gate: "HealthGate";
  readonly cluster: string;
  /** How many more nodes than in the recorded baseline may be not Ready. */
  readonly maxNotReadyNodes: number;
  readonly timeoutSeconds: number;
  /** Workloads may have been away while the control plane moved: waits until they have their replicas. Said only there. */
  readonly workloads?: true;
  readonly transition: Transition;
}

export interface HealthGateOutputs extends HealthGateInputs {
  readonly outcome: { readonly nodes: number; readonly notReady: number };
}

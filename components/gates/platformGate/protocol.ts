import type { GateInputs } from "../protocol";
import type { Transition } from "../transition";

export interface PlatformGateInputs extends GateInputs {
  readonly gate: "PlatformGate";
  readonly cluster: string;
  readonly namespaces: readonly string[];
  /** The user's own text: another one is a reason to look again. */
  readonly revision?: string;
  readonly timeoutSeconds: number;
  readonly transition: Transition;
}

export interface PlatformGateOutputs extends PlatformGateInputs {
  /** How many workloads were found rolled out; none is waited for where no node could run them. */
  readonly outcome: { readonly well: number };
}

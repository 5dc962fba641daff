import type { AddOnsSpec } from "../../../core/config";
import type { GateInputs } from "../protocol";
import type { Transition } from "../transition";

export interface AddOnGateInputs extends GateInputs {
  readonly gate: "AddOnGate";
  readonly cluster: string;
  /** Whole, so that other settings of an add-on are a reason to look again. */
  readonly addOns: AddOnsSpec;
  readonly timeoutSeconds: number;
  readonly transition: Transition;
}

export interface AddOnGateOutputs extends AddOnGateInputs {
  /** How many were found well. */
  readonly outcome: { readonly well: number };
}

import type { GateInputs } from "../../gates/protocol";

/** Stands before the cluster and says whether it has still to be made, with the pool that AKS needs for that. */
export interface AksBirthInputs extends GateInputs {
  readonly gate: "AksBirth";
  readonly cluster: string;
}

export interface AksBirthOutputs extends AksBirthInputs {
  readonly needed: boolean;
}

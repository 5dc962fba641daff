import type { GateInputs } from "../protocol";

export interface SoakGateInputs extends GateInputs {
  readonly gate: "SoakGate";
  readonly cluster: string;
  readonly pool: string;
  readonly generation: string;
  readonly epoch: number;
  readonly percent: number;
  /** How long health must hold without a break. */
  readonly seconds: number;
}

export interface SoakGateOutputs extends SoakGateInputs {
  readonly outcome: { readonly samples: number };
}

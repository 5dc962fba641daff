import type { GateInputs } from "../protocol";

export interface ActivationInputs extends GateInputs {
  readonly gate: "Activation";
  readonly cluster: string;
  readonly pool: string;
  /** The generation to open. Every other one of the pool is fenced. */
  readonly generation: string;
  /** The pool is on its way out: every generation is fenced, none is opened. */
  readonly removing: boolean;
}

export interface ActivationOutputs extends ActivationInputs {
  /** What belongs to a lower epoch proves nothing about this one. */
  readonly epoch: number;
}

import type { GateInputs } from "../protocol";

/** Create is instant; delete lets the generation go, or refuses. Delete sees only what is stored here. */
export interface InterlockInputs extends GateInputs {
  readonly gate: "Interlock";
  readonly cluster: string;
  readonly pool: string;
  readonly generation: string;
  /** Seconds the delete may take to finish a drain that is not complete. */
  readonly timeoutSeconds: number;
}

export type InterlockOutputs = InterlockInputs;

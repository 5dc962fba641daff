import type { GateInputs } from "../protocol";
import type { Transition } from "../transition";

export interface GenerationGateInputs extends GateInputs {
  readonly gate: "GenerationGate";
  readonly cluster: string;
  readonly pool: string;
  readonly generation: string;
  /** The kubelet version its nodes must report: "1.36" or "1.36.4". */
  readonly version: string;
  readonly size: { readonly min: number; readonly max: number };
  /** Percent of a second pool that may exist beside the first; absent = all of it. */
  readonly poolSurge?: number;
  /** Device → how many each node must offer before it is proven; absent = none. */
  readonly expects?: Readonly<Record<string, number>>;
  /** Keys of the taints that config gives its nodes; absent = none. */
  readonly taintKeys?: readonly string[];
  /** Whether this is the generation that the pool shall run on: only that one is grown and probed. */
  readonly active: boolean;
  readonly timeoutSeconds: number;
  readonly transition: Transition;
}

export interface GenerationGateOutputs extends GenerationGateInputs {
  readonly outcome: { readonly nodes: number; readonly probed: number };
}

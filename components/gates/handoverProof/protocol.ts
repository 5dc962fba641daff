import type { ConnectionRecipe } from "../../../core/config/connection";
import type { GateInputs } from "../protocol";

/** Its own `connection` is green's. */
export interface HandoverProofInputs extends GateInputs {
  readonly gate: "HandoverProof";
  readonly handover: string;
  readonly blue: ConnectionRecipe;
  readonly namespaces: readonly string[];
  /** Percent that green carries now. */
  readonly weight: number;
  /** How long it must carry more than before without a break. */
  readonly soakSeconds: number;
}

export interface HandoverProofOutputs extends HandoverProofInputs {
  readonly outcome: { readonly samples: number };
}

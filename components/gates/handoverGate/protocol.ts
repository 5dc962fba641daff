import type { ConnectionRecipe } from "../../../core/config/connection";
import type { GateInputs } from "../protocol";

/** Its own `connection` is green's. */
export interface HandoverGateInputs extends GateInputs {
  readonly gate: "HandoverGate";
  readonly handover: string;
  readonly blue: ConnectionRecipe;
  readonly namespaces: readonly string[];
  /** Percent that green shall carry. */
  readonly weight: number;
  readonly steps: readonly number[];
  readonly timeoutSeconds: number;
}

export interface HandoverGateOutputs extends HandoverGateInputs {
  readonly outcome: { readonly from: number; readonly to: number };
}

import type { ValidationSpec } from "../../../core/config";
import type { GateInputs } from "../protocol";

export interface ValidationInputs extends GateInputs {
  readonly gate: "Validation";
  readonly cluster: string;
  readonly pool: string;
  readonly epoch: number;
  /** Share of the nodes being left that the migration empties, 0 to 100. */
  readonly percent: number;
  readonly jobs: ValidationSpec["jobs"];
  /** Seconds until every workload must have all its replicas available again. */
  readonly settleSeconds: number;
}

export interface ValidationOutputs extends ValidationInputs {
  readonly outcome: { readonly passed: readonly string[] };
}

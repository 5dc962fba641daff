import type { DesiredCluster } from "../../../core/upgrade/rules";
import type { GateInputs } from "../protocol";

/** The whole desired cluster, plain, so that one check can name everything that is wrong at once. */
export interface UpgradeGateInputs extends GateInputs {
  readonly gate: "UpgradeGate";
  readonly desired: DesiredCluster;
  /** Who may write this cluster's ledger: `organization/project/stack`. */
  readonly stack: string;
}

export interface UpgradeGateOutputs extends UpgradeGateInputs {
  readonly outcome: { readonly checked: "live" | "noClusterYet"; readonly warnings: readonly string[] };
}

import type { ControlPlaneMove } from "../../../core/upgrade/move";
import type { DesiredCluster } from "../../../core/upgrade/rules";
import type { GateInputs } from "../protocol";

/** The whole desired cluster, plain, so that one check can name everything that is wrong at once. */
export interface UpgradeGateInputs extends GateInputs {
  readonly gate: "UpgradeGate";
  readonly desired: DesiredCluster;
  /** Who may write this cluster's ledger: `organization/project/stack`. */
  readonly stack: string;
  /** Injected by check(): the move as the live cluster shows it. Absent = the cluster could not be asked. */
  readonly move?: ControlPlaneMove;
}

export interface UpgradeGateOutputs extends UpgradeGateInputs {
  readonly outcome: { readonly checked: "live" | "noClusterYet"; readonly warnings: readonly string[] };
}

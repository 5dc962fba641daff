import type { AddOnsSpec, ClusterSpec, PoolSpec } from "../../../core/config";
import type { ControlPlaneMove } from "../../../core/upgrade/move";
import type { DesiredCluster } from "../../../core/upgrade/rules";
import type { GateInputs } from "../protocol";

/** What the rules judge, with all that config says of the cluster and its pools: what a cloud is asked about. */
export interface DesiredStack extends DesiredCluster {
  readonly cluster: ClusterSpec;
  readonly pools: readonly PoolSpec[];
  readonly addOns?: AddOnsSpec;
}

/** The whole desired cluster, plain, so that one check can name everything that is wrong at once. */
export interface UpgradeGateInputs extends GateInputs {
  readonly gate: "UpgradeGate";
  readonly desired: DesiredStack;
  /** Who may write this cluster's ledger: `organization/project/stack`. */
  readonly stack: string;
  /** How long one `up` may take where it moves anything: at least, and at most by its own deadlines. */
  readonly seconds: { readonly least: number; readonly most: number };
  /** Injected by check(): the move as the live cluster shows it. Absent = the cluster could not be asked. */
  readonly move?: ControlPlaneMove;
  /** Injected by check(): the UID of the first cluster that was seen, which this stack is bound to from then on. */
  readonly clusterUid?: string;
}

export interface UpgradeGateOutputs extends UpgradeGateInputs {
  readonly outcome: { readonly checked: "live" | "noClusterYet"; readonly warnings: readonly string[] };
}

import type { Cloud } from "../clouds/contract";
import type * as pulumi from "../sdk";
import type { ClusterPlan } from "./clusterPlan";
import type { Platform } from "./platformPlace";

/** What every step of a cluster's graph is made from. */
export interface ClusterSteps {
  readonly plan: ClusterPlan;
  readonly cloud: Cloud;
  readonly controlPlane: pulumi.Resource;
  readonly platform: Platform | undefined;
}

/** The two places that what runs in the cluster may have: before any pool, or on its nodes before any workload moves. */
export type When = "beforeNodes" | "onNodes";

export const stepName = ({ spec }: ClusterPlan, when: When): string =>
  `${spec.cluster.name}-${when === "beforeNodes" ? "before-nodes" : "on-nodes"}`;

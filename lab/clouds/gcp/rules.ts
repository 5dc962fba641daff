import { Fault } from "../fault";
import type { StandInRule } from "../standInRule";

const REST =
  "https://docs.cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters";

const UPGRADING = "https://docs.cloud.google.com/kubernetes-engine/docs/how-to/upgrading-a-cluster";
const CLUSTER_RESOURCE =
  "https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_cluster";

/** Rules of GKE that the stand-in keeps, each with the page that states it. */
export const RULES = {
  exists: { rule: "a second cluster or pool of the same name is ALREADY_EXISTS", source: `${REST}/create` },
  firstPool: { rule: "a cluster is born with a pool of nodes", source: `${REST}#Cluster` },
  oneMinor: {
    rule: "the control plane goes up one minor at a time, and down only between the two steps of an upgrade",
    source: UPGRADING,
  },
  backToPrevious: {
    rule: "between the two steps it goes back to the version it ran before, and to no other",
    source: "https://docs.cloud.google.com/kubernetes-engine/docs/reference/rest/v1/ClusterUpgradeInfo",
  },
  soakBounds: {
    rule: "an upgrade in two steps soaks for 6 hours to 7 days",
    source: CLUSTER_RESOURCE,
  },
  completesByItself: {
    rule: "when the soak is over GKE takes the second step by itself",
    source: UPGRADING,
    on: "machines",
  },
  providerOnlyRaises: {
    rule: "the provider sends a lower minMasterVersion to nobody, and rollbackSafeUpgrade only beside a higher one",
    source: CLUSTER_RESOURCE,
    on: "machines",
  },
  nodesNotNewer: {
    rule: "a node pool is never newer than its control plane",
    source: "https://docs.cloud.google.com/kubernetes-engine/versioning",
  },
  nodesTrailTwo: {
    rule: "nodes may trail the control plane by two minors",
    source: "https://docs.cloud.google.com/kubernetes-engine/versioning",
  },
  oneOperation: {
    rule: "a second operation on a cluster is FAILED_PRECONDITION while one runs",
    source: "https://github.com/hashicorp/terraform-provider-google/issues/3650",
  },
  poolName: {
    rule: "a pool's name has at most 40 lower-case letters, digits and dashes, a letter first",
    source: `${REST}.nodePools`,
  },
  channelUpgrades: {
    rule: "in a release channel node auto-upgrade can't be turned off",
    source: "https://docs.cloud.google.com/kubernetes-engine/docs/concepts/release-channels",
  },
  locationExists: {
    rule: "whatever is asked of a location that does not exist is 400",
    source: "https://github.com/terraform-google-modules/terraform-google-kubernetes-engine/issues/444",
  },
  boundsInOrder: {
    rule: "totalMinNodeCount ≤ totalMaxNodeCount, and the most is at least 1",
    source: `${REST}.nodePools#nodepoolautoscaling`,
  },
  countPerZone: {
    rule: "initialNodeCount is made in each of the pool's zones",
    source: `${REST}.nodePools`,
    on: "machines",
  },
  createError: {
    rule: "a node pool whose machines can't be had stays in status ERROR, the reason among its conditions",
    source: `${REST}.nodePools#Status`,
    on: "machines",
  },
  providerKeepsReason: {
    rule: "the provider keeps such a pool and says of it only that it was created in the error state",
    source:
      "https://github.com/hashicorp/terraform-provider-google/blob/main/google/services/container/resource_container_node_pool.go",
    on: "machines",
  },
  deleteLowers: {
    rule: "deleteInstances lowers the group's target size by as many",
    source:
      "https://docs.cloud.google.com/compute/docs/reference/rest/v1/instanceGroupManagers/deleteInstances",
    on: "machines",
  },
} as const satisfies Record<string, StandInRule>;

export type RuleName = keyof typeof RULES;

const STATUS = { ALREADY_EXISTS: 409, FAILED_PRECONDITION: 400, INVALID_ARGUMENT: 400 } as const;

/** Refuses as GKE does; the rule is named so that what a test met can be looked up. */
export const refuseBy = (rule: RuleName, name: keyof typeof STATUS, message: string): never => {
  throw new Fault(name, `${message} [stand-in: ${rule}]`, STATUS[name]);
};

/** As Compute Engine refuses a call that its caller may not make. */
export const denyFor = (permission: string): never => {
  throw new Fault("PERMISSION_DENIED", `Required '${permission}' permission`, 403);
};

export const notFound = (what: string): never => {
  throw new Fault("NOT_FOUND", `Not found: ${what}.`, 404);
};

/** Something real GKE does and the stand-in does not: said, never guessed. */
export const notCovered = (what: string): never => {
  throw new Fault("UNIMPLEMENTED", `the stand-in for Google Cloud does not cover ${what}`, 501);
};

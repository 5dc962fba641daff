import { Fault } from "../fault";
import type { StandInRule } from "../standInRule";

/** Rules of AWS that the stand-in keeps, each with the page that states it. */
export const RULES = {
  clusterExists: {
    rule: "a second cluster of the same name is refused",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html",
  },
  oneMinor: {
    rule: "the control plane goes up one minor at a time",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html",
  },
  rollbackUndoes: {
    rule: "a rollback undoes the last upgrade: one minor, of a cluster that was upgraded and not made at its version",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html",
  },
  rollbackWeek: {
    rule: "a rollback begins within seven days after the upgrade",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html",
  },
  rollbackNodesFirst: {
    rule: "nodes are rolled back before their control plane",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/rollback-cluster.html",
  },
  nodesNotNewer: {
    rule: "a node group is never newer than its control plane",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html",
  },
  nodesTrailThree: {
    rule: "kubelets may trail the control plane by three minors",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html",
  },
  oneUpdate: {
    rule: "one update at a time: a second one is ResourceInUseException",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterVersion.html",
  },
  clusterActive: {
    rule: "node groups are made in a cluster that is ACTIVE",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html",
  },
  groupName: {
    rule: "a node group's name has at most 63 characters",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html",
  },
  groupExists: {
    rule: "a second node group of the same name is ResourceInUseException",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html",
  },
  createFailed: {
    rule: "a node group whose machines can't be launched ends CREATE_FAILED, the reason among its health issues",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html",
    on: "machines",
  },
  failedStays: {
    rule: "a node group that failed to be created takes no update: it is not ACTIVE",
    source: "https://github.com/aws/containers-roadmap/issues/2204",
  },
  diskInTemplate: {
    rule: "with a launch template a node group says no disk of its own",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html",
  },
  groupsFirst: {
    rule: "a cluster with node groups is not deleted",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteCluster.html",
  },
  sizesInOrder: {
    rule: "minSize ≤ desiredSize ≤ maxSize, and maxSize is at least 1",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_NodegroupScalingConfig.html",
  },
  minSizeHolds: {
    rule: "a machine is not given back below the group's least size",
    source:
      "https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_TerminateInstanceInAutoScalingGroup.html",
    on: "machines",
  },
  addOnExists: {
    rule: "a second add-on of the same name is ResourceInUseException",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html",
  },
  addOnListed: {
    rule: "an add-on's version is one that DescribeAddonVersions lists for the cluster's minor",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/addon-compat.html",
  },
  addOnNoPreserve: {
    rule: "PRESERVE is no way to resolve conflicts at an add-on's creation",
    source: "https://github.com/eksctl-io/eksctl/pull/5880",
  },
  addOnConflict: {
    rule: "with NONE an add-on whose fields somebody else owns ends CREATE_FAILED, ConfigurationConflict",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAddon.html",
    on: "machines",
  },
  addOnBuiltIn: {
    rule: "a cluster made with bootstrapSelfManagedAddons has vpc-cni, coredns and kube-proxy as self-managed ones, which conflict",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html",
    on: "machines",
  },
  addOnNeedsNodes: {
    rule: "an add-on whose pods find no node is DEGRADED, InsufficientNumberOfReplicas, until they do",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_AddonIssue.html",
    on: "machines",
  },
  cniOneMinor: {
    rule: "vpc-cni goes up or down one minor at a time",
    source: "https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2749",
  },
  addOnPreserved: {
    rule: "DeleteAddon with preserve leaves the software in the cluster; without, it goes",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_DeleteAddon.html",
    on: "machines",
  },
  entryExists: {
    rule: "a second access entry for a principal is ResourceInUseException; who made the cluster has one from the start",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html",
  },
  entryOfPrincipal: {
    rule: "an access entry is for an IAM role or user, never for a session",
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateAccessEntry.html",
  },
  entryNeedsApi: {
    rule: "in mode CONFIG_MAP a cluster has no access entries",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html",
  },
  accessOneWay: {
    rule: "a cluster's authentication mode never goes back to CONFIG_MAP, nor from API to API_AND_CONFIG_MAP",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/setting-up-access-entries.html",
  },
  regionHasAddress: {
    rule: "a region that does not exist has no address: nothing answers there",
    source: "https://docs.aws.amazon.com/general/latest/gr/eks.html",
    on: "machines",
  },
  regionEnabled: {
    rule: "a region that the account has not enabled takes none of its credentials",
    source: "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
  },
  apiKnowsEntries: {
    rule: "a cluster's API answers 401 to who neither has an access entry nor, in mode CONFIG_MAP, made the cluster",
    source: "https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html",
    on: "machines",
  },
  suspendedLaunch: {
    rule: "with Launch suspended no machine is added, whatever the desired capacity",
    source: "https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html",
    on: "machines",
  },
} as const satisfies Record<string, StandInRule>;

export type RuleName = keyof typeof RULES;

const STATUS: Readonly<Record<string, number>> = {
  ResourceInUseException: 409,
  UnrecognizedClientException: 403,
};

/** Refuses as AWS does; the rule is named so that what a test met can be looked up. */
export const refuseBy = (rule: RuleName, name: string, message: string): never => {
  throw new Fault(name, `${message} [stand-in: ${rule}]`, STATUS[name] ?? 400);
};

/** In EKS's own codes where the failure was asked for: docs.aws.amazon.com/eks/latest/APIReference/API_Issue.html */
export const issueOf = (error: unknown): { readonly code: string; readonly message: string } =>
  error instanceof Fault
    ? { code: error.name, message: error.message }
    : { code: "NodeCreationFailure", message: String(error) };

export const notFound = (what: string): never => {
  throw new Fault("ResourceNotFoundException", what, 404);
};

/** Something real AWS does and the stand-in does not: said, never guessed. */
export const notCovered = (what: string): never => {
  throw new Fault("StandInLimit", `the stand-in for AWS does not cover ${what}`, 501);
};

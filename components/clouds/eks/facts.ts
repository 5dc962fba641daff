import { architectureOf } from "../../../core/config";

/**
 * A node is not Ready without its network plugin, and DaemonSets are well where there is no node yet. Add-ons with a
 * Deployment (CoreDNS, CSI controllers) are DEGRADED until nodes take their pods, and the provider waits for ACTIVE:
 * hashicorp/terraform-provider-aws, internal/service/eks/addon.go, waitAddonCreated. They come once nodes are open.
 */
const BEFORE_NODES = ["vpc-cni", "kube-proxy", "eks-pod-identity-agent"] as const;

/** What EKS installs by itself in a new cluster, all or none: API_CreateCluster.html, bootstrapSelfManagedAddons. */
export const BUILT_IN = ["coredns", "kube-proxy", "vpc-cni"] as const;

/** Tag of the add-ons that a stack holds: its value is the cluster's name. Others are somebody else's. */
export const OWN_TAG = "changeover.dev/cluster";

/**
 * What is true of EKS whatever the cluster. Skew: docs.aws.amazon.com/eks/latest/userguide/update-cluster.html.
 * A control plane goes back one minor within seven days after an upgrade: rollback-cluster.html.
 */
export const eksFacts = {
  kubeletMayTrail: 3,
  controlPlaneBack: { withinDays: 7 },
  addOnsBeforeNodes: BEFORE_NODES,
  /** Karpenter is a Deployment, and never runs on nodes that it makes itself: karpenter.sh/docs/faq. */
  needsOtherPools: ({ karpenter }: { readonly karpenter?: object | undefined }): boolean =>
    karpenter !== undefined,
} as const;

/** A node group is called as its generation: at most 63 letters, digits, "-" and "_", which every generation's id is. */
export const nodeGroupName = (generation: string): string => generation;

/** The general AMI type for a machine; GPUs, Bottlerocket and others are named in the image: TYPE/RELEASE. */
export const amiTypeOf = (machine: string): string =>
  architectureOf("eks", machine) === "arm64" ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD";

/** Subnets of the pool's zones, of all where it names none. Config was checked: each zone has one. */
export const poolSubnets = (
  subnets: Readonly<Record<string, string>>,
  zones: readonly string[],
): readonly string[] =>
  Object.entries(subnets)
    .flatMap(([zone, id]) => (zones.length === 0 || zones.includes(zone) ? [id] : []))
    .sort();

/** EKS's own policy for all of a cluster: docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
const ADMIN_POLICY = "AmazonEKSClusterAdminPolicy";

/** In the partition of who gets it: "aws", "aws-cn", "aws-us-gov". */
export const adminPolicyFor = (principalArn: string): string =>
  `arn:${principalArn.split(":")[1] ?? "aws"}:eks::aws:cluster-access-policy/${ADMIN_POLICY}`;

export const isAdminPolicy = (policyArn: string | undefined): boolean =>
  policyArn?.endsWith(`/${ADMIN_POLICY}`) === true;

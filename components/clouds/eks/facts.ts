/**
 * What is true of EKS whatever the cluster. Skew: docs.aws.amazon.com/eks/latest/userguide/update-cluster.html.
 * A control plane goes back one minor within seven days after an upgrade: rollback-cluster.html.
 */
export const eksFacts = { kubeletMayTrail: 3, controlPlaneBack: { withinDays: 7 } } as const;

/** A node group is called as its generation: at most 63 letters, digits, "-" and "_", which every generation's id is. */
export const nodeGroupName = (generation: string): string => generation;

/** Families with a "g" after their number have Graviton processors: m7g, c6gn, t4g, im4gn, g5g. */
const ARM = /^[a-z-]+\d+g/;

/** The general AMI type for a machine; GPUs, Bottlerocket and others are named in the image: TYPE/RELEASE. */
export const amiTypeOf = (machine: string): string =>
  ARM.test(machine) ? "AL2023_ARM_64_STANDARD" : "AL2023_x86_64_STANDARD";

/** Subnets of the pool's zones, of all where it names none. Config was checked: each zone has one. */
export const poolSubnets = (
  subnets: Readonly<Record<string, string>>,
  zones: readonly string[],
): readonly string[] =>
  Object.entries(subnets)
    .flatMap(([zone, id]) => (zones.length === 0 || zones.includes(zone) ? [id] : []))
    .sort();

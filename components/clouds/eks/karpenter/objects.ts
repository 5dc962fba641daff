import { karpenterImageOf, parseEksImage } from "../../../../core/config";
import { LABEL } from "../../../../core/identity/names";
import type { MachineSpec, NodePoolArgs } from "../../contract";
import { amiTypeOf, poolSubnets } from "../facts";
import type {
  Ec2NodeClass,
  KarpenterObjects,
  KarpenterTaint,
  Labels,
  MachineTemplate,
  PoolBounds,
} from "../protocol";

const marksOf = ({ pool, generation }: Pick<NodePoolArgs, "pool" | "generation">): Labels => ({
  [LABEL.pool]: pool,
  [LABEL.generation]: generation,
});

/** Both are called as the generation. Config was checked. */
export const karpenterObjects = (args: NodePoolArgs): KarpenterObjects => {
  const metadata = { name: args.generation, labels: marksOf(args) };
  return {
    nodePool: {
      ...{ apiVersion: "karpenter.sh/v1", kind: "NodePool", metadata },
      spec: { template: templateOf(args), ...boundsOf(args.spec) },
    },
    nodeClass: {
      ...{ apiVersion: "karpenter.k8s.aws/v1", kind: "EC2NodeClass", metadata },
      spec: classOf(args),
    },
  };
};

/** The mark of the unproven is not here: taking it out of a template would be drift. It is on machines made to be proven. */
const templateOf = (args: NodePoolArgs): MachineTemplate => {
  const { spec, generation } = args;
  return {
    metadata: { labels: { ...spec.labels, ...marksOf(args) } },
    spec: {
      nodeClassRef: { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: generation },
      requirements: [
        { key: "node.kubernetes.io/instance-type", operator: "In", values: [spec.machine ?? ""] },
        {
          key: "karpenter.sh/capacity-type",
          operator: "In",
          values: [spec.capacity === "spot" ? "spot" : "on-demand"],
        },
      ],
      ...(spec.taints.length === 0 ? {} : { taints: spec.taints.map(taintOf) }),
      expireAfter: karpenterOf(spec).expireAfter,
    },
  };
};

const karpenterOf = ({ karpenter }: MachineSpec): NonNullable<MachineSpec["karpenter"]> => {
  if (karpenter === undefined) throw new Error("a pool without its karpenter block is not one of Karpenter");
  return karpenter;
};

const taintOf = ({ key, value, effect }: MachineSpec["taints"][number]): KarpenterTaint => ({
  key,
  ...(value === undefined ? {} : { value }),
  effect,
});

const boundsOf = (spec: MachineSpec): PoolBounds => {
  const { consolidationPolicy, consolidateAfter, budget } = karpenterOf(spec);
  return {
    limits: { nodes: String(spec.size.max) },
    disruption: { consolidationPolicy, consolidateAfter, budgets: [{ nodes: budget }] },
  };
};

const OWNER = "amazon";

/** What EKS puts on the security group that it makes for a cluster, and that managed node groups get, too. */
const groupTag = (cluster: string): Labels => ({ "aws:eks:cluster-name": cluster });

/** "arn:aws:iam::1111:role/path/nodes" → "nodes": a role's name is unique in its account whatever its path. */
const roleName = (arn: string): string => arn.split("/").at(-1) ?? arn;

const classOf = ({ cluster, pool, generation, spec }: NodePoolArgs): Ec2NodeClass["spec"] => {
  const { amiFamily, name } = imageOf(spec);
  return {
    amiFamily,
    amiSelectorTerms: [{ name, owner: OWNER }],
    role: roleName(cluster.eks?.nodeRoleArn ?? ""),
    subnetSelectorTerms: poolSubnets(cluster.eks?.subnets ?? {}, spec.zones).map(id => ({ id })),
    securityGroupSelectorTerms: [{ tags: groupTag(cluster.name) }],
    ...disksOf(amiFamily, spec.diskGiB),
    tags: marksOf({ pool, generation }),
  };
};

const imageOf = ({ machine = "", image = "", version }: MachineSpec) => {
  const { family = amiTypeOf(machine), release } = parseEksImage(image);
  const found = karpenterImageOf(family, { version, release });
  if (found === undefined) throw new Error(`the image ${image} passed config`);
  return found;
};

const disk = (deviceName: string, size: string): object => ({
  deviceName,
  ebs: { volumeSize: size, volumeType: "gp3", encrypted: true },
});

/** What Karpenter makes where nothing is said, with the size asked for. Bottlerocket has its data on a disk of its own. */
const disksOf = (
  family: string,
  gib: number | undefined,
): Pick<Ec2NodeClass["spec"], "blockDeviceMappings"> => {
  if (gib === undefined) return {};
  const size = `${String(gib)}Gi`;
  return {
    blockDeviceMappings:
      family === "Bottlerocket"
        ? [disk("/dev/xvda", "4Gi"), disk("/dev/xvdb", size)]
        : [disk("/dev/xvda", size)],
  };
};

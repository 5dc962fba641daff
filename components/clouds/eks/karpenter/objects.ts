import { karpenterImageOf, parseEksImage } from "../../../../core/config";
import { LABEL } from "../../../../core/identity/names";
import type { MachineSpec, NodePoolArgs } from "../../contract";
import { amiTypeOf, poolSubnets } from "../facts";

/* The two objects that one generation is; shapes of karpenter.sh/v1 and karpenter.k8s.aws/v1, as far as they are used. */

type Labels = Readonly<Record<string, string>>;

export interface KarpenterTaint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** What a NodePool's machines are made of: each change of it is drift to Karpenter, so nothing here ever changes one. */
export interface MachineTemplate {
  readonly metadata: { readonly labels: Labels };
  readonly spec: {
    readonly nodeClassRef: { readonly group: string; readonly kind: string; readonly name: string };
    readonly requirements: readonly {
      readonly key: string;
      readonly operator: string;
      readonly values: readonly string[];
    }[];
    readonly taints?: readonly KarpenterTaint[];
    readonly expireAfter: string;
  };
}

/** What may change while machines run: none of it is in the hash by which Karpenter knows drift. */
export interface PoolBounds {
  readonly limits: Labels;
  readonly disruption: {
    readonly consolidationPolicy: string;
    readonly consolidateAfter: string;
    readonly budgets: readonly { readonly nodes: string }[];
  };
}

export interface NodePool {
  readonly apiVersion: "karpenter.sh/v1";
  readonly kind: "NodePool";
  readonly metadata: { readonly name: string; readonly labels: Labels };
  readonly spec: PoolBounds & { readonly template: MachineTemplate };
}

export interface Ec2NodeClass {
  readonly apiVersion: "karpenter.k8s.aws/v1";
  readonly kind: "EC2NodeClass";
  readonly metadata: { readonly name: string; readonly labels: Labels };
  readonly spec: {
    readonly amiFamily: string;
    readonly amiSelectorTerms: readonly { readonly name: string; readonly owner: string }[];
    readonly role: string;
    readonly subnetSelectorTerms: readonly { readonly id: string }[];
    readonly securityGroupSelectorTerms: readonly { readonly tags: Labels }[];
    readonly blockDeviceMappings?: readonly object[];
    readonly tags: Labels;
  };
}

export interface KarpenterObjects {
  readonly nodePool: NodePool;
  readonly nodeClass: Ec2NodeClass;
}

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

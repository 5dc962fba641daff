import type { NodeGroupArgs } from "@pulumi/aws/eks/nodeGroup";
import { parseEksImage } from "../../../core/config";
import { LABEL, TAINT } from "../../../core/identity/names";
import type { MachineSpec, NodePoolArgs } from "../contract";
import { amiTypeOf, nodeGroupName } from "./facts";
import { inheritedGroup } from "./inherited";

type Taint = MachineSpec["taints"][number];

const EFFECT: Readonly<Record<Taint["effect"], string>> = {
  NoSchedule: "NO_SCHEDULE",
  PreferNoSchedule: "PREFER_NO_SCHEDULE",
  NoExecute: "NO_EXECUTE",
};

const taintArgs = ({ key, value, effect }: Taint): { key: string; value?: string; effect: string } => ({
  key,
  effect: EFFECT[effect],
  ...(value === undefined ? {} : { value }),
});

/** Born with `start` machines where the pool moves in waves: its least size must then allow so few. */
const scaling = ({ size, start = size.min }: MachineSpec): NodeGroupArgs["scalingConfig"] => ({
  minSize: Math.min(size.min, start),
  maxSize: size.max,
  desiredSize: start,
});

/** Subnets of the pool's zones, of all where it names none. Config was checked: each zone has one. */
const subnetsOf = ({ cluster, spec }: NodePoolArgs): string[] => {
  const known = Object.entries(cluster.eks?.subnets ?? {});
  return known
    .flatMap(([zone, id]) => (spec.zones.length === 0 || spec.zones.includes(zone) ? [id] : []))
    .sort();
};

/** Family and exact release: with both written down the same config always means the same machines. */
const imageArgs = ({ machine, image }: MachineSpec): Pick<NodeGroupArgs, "amiType" | "releaseVersion"> => {
  if (image === undefined || machine === undefined)
    throw new Error("a pool without machine or image passed config");
  const { family = amiTypeOf(machine), release } = parseEksImage(image);
  return { amiType: family, releaseVersion: release };
};

type Shape = Pick<NodeGroupArgs, "capacityType" | "diskSize" | "launchTemplate">;

/** Said only where config says it: EKS fills in the rest. */
const shapeArgs = ({ capacity, diskGiB, launchTemplate = "" }: MachineSpec): Shape => {
  const [id, version] = launchTemplate.split("/");
  return {
    ...(capacity === "spot" ? { capacityType: "SPOT" } : {}),
    ...(diskGiB === undefined ? {} : { diskSize: diskGiB }),
    ...(id === undefined || version === undefined ? {} : { launchTemplate: { id, version } }),
  };
};

/** One generation as EKS's node group. */
export const nodeGroupArgs = (args: NodePoolArgs): NodeGroupArgs => {
  const { cluster, pool, generation, spec } = args;
  return {
    region: cluster.region,
    clusterName: cluster.name,
    nodeGroupName: args.adopted ?? nodeGroupName(generation),
    nodeRoleArn: cluster.eks?.nodeRoleArn ?? "",
    subnetIds: subnetsOf(args),
    instanceTypes: spec.machine === undefined ? [] : [spec.machine],
    version: spec.version,
    ...imageArgs(spec),
    ...shapeArgs(spec),
    labels: { ...spec.labels, [LABEL.pool]: pool, [LABEL.generation]: generation },
    taints: [...spec.taints, TAINT.unproven].map(taintArgs),
    scalingConfig: scaling(spec),
    updateConfig: { maxUnavailable: 1 },
    tags: { [LABEL.pool]: pool, [LABEL.generation]: generation },
  };
};

/**
 * Everything about a node group but its bounds is fixed at birth: what EKS would replace (hashicorp/aws,
 * node_group.go: ForceNew), what it would roll through the nodes with a drain of its own, and what gates change at
 * run time. Other machines are another generation.
 */
const FIXED = [
  "region",
  "clusterName",
  "nodeGroupName",
  "nodeRoleArn",
  "subnetIds",
  "instanceTypes",
  "amiType",
  "capacityType",
  "diskSize",
  "launchTemplate",
  "remoteAccess",
  "version",
  "releaseVersion",
  "labels",
  "taints",
  "scalingConfig.desiredSize",
];

/** A generation that is being left was closed at its present size: a refresh must not open it again. */
export const fixedProperties = ({ active, adopted }: Pick<NodePoolArgs, "active" | "adopted">): string[] => [
  ...(adopted === undefined ? FIXED : [...inheritedGroup, "scalingConfig.desiredSize"]),
  ...(active ? [] : ["scalingConfig"]),
];

/** What imports it, where it was there before us: terraform-provider-aws, aws_eks_node_group, "Import". */
export const importOf = ({ cluster, adopted }: NodePoolArgs): { readonly import?: string } =>
  adopted === undefined ? {} : { import: `${cluster.name}:${adopted}` };

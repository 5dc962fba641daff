import type { AgentPoolArgs } from "@pulumi/azure-native/containerservice/agentPool";
import { AKS_SPOT_TAINT, osSkuOf } from "../../../core/config";
import { LABEL, TAINT } from "../../../core/identity/names";
import type { MachineSpec, NodePoolArgs } from "../contract";
import { agentPoolName, IMAGE_TAG } from "./facts";

const taintText = ({ key, value = "", effect }: MachineSpec["taints"][number]): string =>
  `${key}=${value}:${effect}`;

type Image = Pick<AgentPoolArgs, "osSKU" | "osType" | "creationData" | "tags">;

/** The image itself is an output of AKS; a snapshot is the one way to ask for it, a tag lets gates compare. */
const imageArgs = ({ cluster, spec: { image = "" } }: NodePoolArgs): Image => {
  const osSKU = osSkuOf(image);
  const snapshot = cluster.aks?.snapshots[image];
  if (osSKU === undefined) throw new Error("a pool without image passed config");
  return {
    osType: "Linux",
    osSKU,
    tags: { [IMAGE_TAG]: image },
    ...(snapshot === undefined ? {} : { creationData: { sourceResourceId: snapshot } }),
  };
};

/** Born with `start` machines where the pool moves in waves: its least size must then allow so few. */
const scaling = ({ size, start = size.min }: MachineSpec): Partial<AgentPoolArgs> => ({
  enableAutoScaling: true,
  minCount: Math.min(size.min, start),
  maxCount: size.max,
  count: start,
});

type Place = Pick<AgentPoolArgs, "vnetSubnetID" | "podSubnetID" | "availabilityZones">;

const placeArgs = ({ cluster, spec: { zones } }: NodePoolArgs): Place => {
  const { subnet, podSubnet } = cluster.aks ?? {};
  return {
    ...(subnet === undefined ? {} : { vnetSubnetID: subnet }),
    ...(podSubnet === undefined ? {} : { podSubnetID: podSubnet }),
    ...(zones.length === 0 ? {} : { availabilityZones: [...zones].sort() }),
  };
};

type Shape = Pick<
  AgentPoolArgs,
  "scaleSetPriority" | "scaleSetEvictionPolicy" | "spotMaxPrice" | "osDiskSizeGB"
>;

/** A spot machine costs what it costs (-1), and is gone when it is taken back: a stopped one would count as a node. */
const shapeArgs = ({ capacity, diskGiB }: MachineSpec): Shape => ({
  ...(capacity === "spot"
    ? { scaleSetPriority: "Spot", scaleSetEvictionPolicy: "Delete", spotMaxPrice: -1 }
    : {}),
  ...(diskGiB === undefined ? {} : { osDiskSizeGB: diskGiB }),
});

/** Said as well: what AKS adds by itself would be drift. */
const bornTaints = ({ capacity, taints }: MachineSpec): MachineSpec["taints"] =>
  capacity === "spot" ? [...taints.filter(({ key }) => key !== AKS_SPOT_TAINT.key), AKS_SPOT_TAINT] : taints;

/** One generation as an agent pool of AKS. */
export const agentPoolArgs = (args: NodePoolArgs): AgentPoolArgs => {
  const { cluster, pool, generation, spec } = args;
  return {
    resourceGroupName: cluster.project ?? "",
    resourceName: cluster.name,
    agentPoolName: args.adopted ?? agentPoolName(generation),
    mode: cluster.aks?.systemPools.includes(pool) === true ? "System" : "User",
    type: "VirtualMachineScaleSets",
    orchestratorVersion: spec.version,
    ...imageArgs(args),
    ...(spec.machine === undefined ? {} : { vmSize: spec.machine }),
    ...shapeArgs(spec),
    ...placeArgs(args),
    ...scaling(spec),
    scaleDownMode: "Delete",
    nodeLabels: { ...spec.labels, [LABEL.pool]: pool, [LABEL.generation]: generation },
    nodeTaints: [...bornTaints(spec), TAINT.unproven].map(taintText),
  };
};

import type { NodePoolArgs as GkeNodePoolArgs } from "@pulumi/gcp/container/nodePool";
import { gkeZone, parseGkeImage } from "../../../core/config";
import { LABEL, TAINT } from "../../../core/identity/names";
import type { MachineSpec, NodePoolArgs } from "../contract";
import { clusterPath, EFFECT, IMAGE_TYPE, nodePoolName } from "./facts";
import { inheritedPool } from "./inherited";

type Taint = MachineSpec["taints"][number];

const taintArgs = ({ key, value = "", effect }: Taint): { key: string; value: string; effect: string } => ({
  key,
  value,
  effect: EFFECT[effect],
});

/** Both were checked in config; GKE's own defaults would move under the same config. */
const imageOf = ({ image }: MachineSpec): { readonly imageType: string; readonly version: string } => {
  if (image === undefined) throw new Error("a pool without image passed config");
  const { family: imageType = IMAGE_TYPE, version } = parseGkeImage(image);
  return { imageType, version };
};

/** Born with `start` machines where the pool moves in waves; the same number in each zone, which is how GKE counts. */
const bornPerZone = ({ size, start = size.min, zones }: MachineSpec): number =>
  Math.ceil(start / Math.max(1, zones.length));

const autoscaling = ({ size, start = size.min }: MachineSpec): GkeNodePoolArgs["autoscaling"] => ({
  totalMinNodeCount: Math.min(size.min, start),
  totalMaxNodeCount: size.max,
  locationPolicy: "BALANCED",
});

/** Said only where config says it: GKE fills in the rest. */
const shapeArgs = ({ capacity, diskGiB, accelerator = "" }: MachineSpec) => {
  const [type, count] = accelerator.split("/");
  return {
    ...(capacity === "spot" ? { spot: true } : {}),
    ...(diskGiB === undefined ? {} : { diskSizeGb: diskGiB }),
    ...(type === undefined || count === undefined ? {} : { guestAccelerators: [gpus(type, Number(count))] }),
  };
};

/** Without a driver of GKE's a node would never offer its GPUs. */
const gpus = (type: string, count: number) => ({
  type,
  count,
  gpuDriverInstallationConfig: { gpuDriverVersion: "DEFAULT" },
});

const nodeConfig = ({
  cluster,
  pool,
  generation,
  spec,
}: NodePoolArgs): NonNullable<GkeNodePoolArgs["nodeConfig"]> => ({
  machineType: spec.machine,
  ...shapeArgs(spec),
  imageType: imageOf(spec).imageType,
  serviceAccount: cluster.gke?.serviceAccount,
  oauthScopes: ["https://www.googleapis.com/auth/cloud-platform"],
  labels: { ...spec.labels, [LABEL.pool]: pool, [LABEL.generation]: generation },
  taints: [...spec.taints, TAINT.unproven].map(taintArgs),
  metadata: { "disable-legacy-endpoints": "true" },
  workloadMetadataConfig: { mode: "GKE_METADATA" },
  shieldedInstanceConfig: { enableSecureBoot: true, enableIntegrityMonitoring: true },
});

/** One generation as GKE's node pool. */
export const nodePoolArgs = (args: NodePoolArgs): GkeNodePoolArgs => {
  const { cluster, generation, spec } = args;
  const region = cluster.region ?? "";
  return {
    project: cluster.project,
    location: region,
    cluster: cluster.name,
    name: args.adopted ?? nodePoolName(generation),
    version: imageOf(spec).version,
    nodeLocations: spec.zones.map(zone => gkeZone(region, zone)).sort(),
    initialNodeCount: bornPerZone(spec),
    autoscaling: autoscaling(spec),
    management: { autoRepair: true, autoUpgrade: false },
    nodeConfig: nodeConfig(args),
  };
};

/**
 * Everything about a node pool but its bounds is fixed at birth: what the provider would replace (hashicorp/google,
 * resource_container_node_pool.go: ForceNew), what GKE would roll through the nodes with a drain of its own, and what
 * gates change at run time. Other machines are another generation.
 */
const FIXED = [
  "project",
  "location",
  "cluster",
  "name",
  "version",
  "nodeLocations",
  "initialNodeCount",
  "nodeCount",
  "nodeConfig",
  "maxPodsPerNode",
  "networkConfig",
  "placementPolicy",
  "upgradeSettings",
];

/** A generation that is being left was closed at its present size: a refresh must not open it again. */
export const fixedProperties = ({ active, adopted }: Pick<NodePoolArgs, "active" | "adopted">): string[] => {
  if (adopted !== undefined) return [...inheritedPool];
  return active ? FIXED : [...FIXED, "autoscaling", "management"];
};

/** What imports it, where it was there before us: terraform-provider-google, google_container_node_pool, "Import". */
export const importOf = ({ cluster, adopted }: NodePoolArgs): { readonly import?: string } =>
  adopted === undefined ? {} : { import: `${clusterPath(cluster)}/nodePools/${adopted}` };

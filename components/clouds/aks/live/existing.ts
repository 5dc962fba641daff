import type { ConnectionRecipe } from "../../../../core/config/connection";
import {
  type ExistingCluster,
  type ExistingPool,
  marksIn,
  mostCommon,
  present,
  writeBornWith,
} from "../../../../core/config/existing";
import { agentPoolName, clusterPath, OWN_PREFIX } from "../facts";
import { listPools } from "./adopted";
import { askFor } from "./call";
import { send } from "./client";
import type { AksCluster, AksPool, AksPoolProperties } from "./found";
import { judgeCluster, judgePool, type Shared } from "./judgeExisting";

/** The cluster and its agent pools as config would describe them. */
export const readExisting = async (place: ConnectionRecipe): Promise<ExistingCluster | "absent"> => {
  const asked = { action: "Microsoft.ContainerService/managedClusters/read", on: `cluster ${place.name}` };
  const path = clusterPath(place);
  const found = await askFor(asked, () => send<AksCluster>({ method: "GET", path }));
  return found === undefined ? "absent" : describeExisting(place, found.body, await listPools(place));
};

export const describeExisting = (
  place: ConnectionRecipe,
  cluster: AksCluster,
  pools: readonly AksPool[],
): ExistingCluster => {
  const shared = sharedBy(cluster, pools);
  return {
    cluster: clusterBlock(place, cluster, { shared, pools }),
    pools: pools.map(pool => describePool(pool, shared)),
    problems: judgeCluster(place.name, cluster, pools),
  };
};

/** Config has one network for all pools: that of most. */
const sharedBy = ({ properties }: AksCluster, pools: readonly AksPool[]): Shared => {
  const subnetOf = (key: "vnetSubnetID" | "podSubnetID"): string =>
    mostCommon(pools.map(pool => pool.properties?.[key] ?? ""));
  return {
    subnet: subnetOf("vnetSubnetID"),
    podSubnet: subnetOf("podSubnetID"),
    network: properties?.networkProfile ?? {},
  };
};

interface Seen {
  readonly shared: Shared;
  readonly pools: readonly AksPool[];
}

const clusterBlock = (
  { name, project, account }: ConnectionRecipe,
  cluster: AksCluster,
  seen: Seen,
): ExistingCluster["cluster"] => {
  const { location, properties: { currentKubernetesVersion, kubernetesVersion = "" } = {} } = cluster;
  return {
    ...{ name, cloud: "aks", project, account },
    // Exact: pools name their patch.
    version: currentKubernetesVersion ?? kubernetesVersion,
    region: location,
    aks: {
      ...identityOf(cluster),
      ...networkOf(cluster, seen.shared),
      ...planOf(cluster),
      ...snapshotsOf(seen),
    },
  };
};

/** A cluster may act as an identity of its own (SystemAssigned), for which config has no word and needs none. */
const identityOf = ({ identity, properties = {} }: AksCluster): object => {
  const adminGroups = properties.aadProfile?.adminGroupObjectIDs ?? [];
  const used = identity?.type === "UserAssigned" ? Object.keys(identity.userAssignedIdentities ?? {}) : [];
  return { ...present("identity", used[0]), ...(adminGroups.length === 0 ? {} : { adminGroups }) };
};

const networkOf = ({ properties = {} }: AksCluster, { subnet, podSubnet, network }: Shared): object => {
  const { enablePrivateCluster = false, authorizedIPRanges } = properties.apiServerAccessProfile ?? {};
  return {
    ...present("subnet", subnet),
    ...present("podSubnet", podSubnet),
    ...present("dnsPrefix", properties.dnsPrefix),
    ...present("serviceCidr", network.serviceCidr),
    ...present("dnsServiceIP", network.dnsServiceIP),
    api: { private: enablePrivateCluster, authorizedRanges: authorizedIPRanges ?? [] },
  };
};

const planOf = ({ sku, properties }: AksCluster): object => ({
  tier: (sku?.tier ?? "Free").toLowerCase(),
  support: properties?.supportPlan === "AKSLongTermSupport" ? "longTerm" : "community",
});

/** What a pool was made of serves its next generation, too: it is the one way to an image that is not the newest. */
const snapshotsOf = ({ pools }: Seen): object => {
  const found = pools.flatMap(({ properties: { nodeImageVersion = "", creationData } = {} }) => {
    const id = creationData?.sourceResourceId;
    return id === undefined ? [] : [[nodeImageVersion, id] as const];
  });
  return found.length === 0 ? {} : { snapshots: Object.fromEntries(found) };
};

const describePool = (pool: AksPool, shared: Shared): ExistingPool => {
  const { name = "", properties = {} } = pool;
  const marks = marksIn(properties.nodeLabels ?? {});
  return {
    ...{ name, marks, entry: entryOf(properties) },
    nodes: { "kubernetes.azure.com/agentpool": name },
    made: marks.generation !== undefined && name === agentPoolName(marks.generation),
    ...(properties.mode === "System" ? { listedIn: ["aks", "systemPools"] } : {}),
    problems: judgePool(pool, shared),
  };
};

/** The disk is said in any case: AKS's own size depends on the machine, and its kind on that size. */
const entryOf = (found: AksPoolProperties): ExistingPool["entry"] => {
  const { currentOrchestratorVersion: version = "", vmSize: machine, nodeImageVersion: image } = found;
  return {
    ...{ version, machine, image, size: sizeOf(found) },
    zones: [...(found.availabilityZones ?? [])].sort(),
    ...(found.scaleSetPriority === "Spot" ? { capacity: "spot" } : {}),
    ...present("diskGiB", found.osDiskSizeGB),
    ...writeBornWith(labelsOf(found), taintsOf(found)),
  };
};

const sizeOf = ({ count = 0, enableAutoScaling, minCount, maxCount }: AksPoolProperties): object =>
  enableAutoScaling === true
    ? { min: minCount ?? 0, max: maxCount ?? 1 }
    : { min: count, max: Math.max(1, count) };

/** AKS puts its own on by itself, where a machine is spot. */
const isTheirs = (key: string): boolean => !key.startsWith(OWN_PREFIX);

const labelsOf = ({ nodeLabels }: AksPoolProperties): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(nodeLabels ?? {}).filter(([key]) => isTheirs(key)));

const TAINT = /^([^=:]+)(?:=([^:]*))?:(\w+)$/;

const taintsOf = ({ nodeTaints }: AksPoolProperties) =>
  (nodeTaints ?? []).flatMap(text => {
    const [, key = "", value, effect = ""] = TAINT.exec(text) ?? [];
    return isTheirs(key) ? [{ key, ...present("value", value), effect }] : [];
  });

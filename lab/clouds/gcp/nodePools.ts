import { checkFree, type GcpContext, mustCluster, mustPool, poolKey, runOperation } from "./context";
import { checkMachineType, raisePool, razePool, resolveVersion, settlePool } from "./machines";
import { notCovered, refuseBy } from "./rules";
import type { Autoscaling, NodeConfig, NodeTaint, OperationRecord, PoolRecord } from "./state";
import { compareVersions, minorsBetween } from "../versions";

export interface CreatePool {
  readonly name: string;
  readonly initialNodeCount?: number;
  readonly version?: string;
  readonly locations?: readonly string[];
  readonly autoscaling?: Autoscaling;
  readonly management?: PoolRecord["management"];
  readonly config?: NodeConfig;
}

/** One in each zone. */
export const groupName = ({ cluster, name }: PoolRecord, zone: string): string =>
  `gke-${cluster}-${name}-${zone.slice(-1)}-grp`;

export const describePool = ({ project }: GcpContext, pool: PoolRecord): object => ({
  name: pool.name,
  version: pool.version,
  status: pool.status,
  statusMessage: pool.statusMessage,
  conditions: pool.conditions,
  locations: pool.locations,
  initialNodeCount: pool.initialNodeCount,
  autoscaling: pool.autoscaling,
  management: pool.management,
  config: pool.config,
  instanceGroupUrls: pool.locations.map(
    zone =>
      `https://www.googleapis.com/compute/v1/projects/${project}/zones/${zone}/instanceGroupManagers/${groupName(pool, zone)}`,
  ),
});

/** Of the pool as a whole, else of each of its zones. */
const boundsOf = ({ minNodeCount, maxNodeCount, ...total }: Autoscaling): readonly [number, number] => [
  total.totalMinNodeCount ?? minNodeCount ?? 0,
  total.totalMaxNodeCount ?? maxNodeCount ?? 0,
];

const checkBounds = (autoscaling: Autoscaling): void => {
  const [min, max] = boundsOf(autoscaling);
  if (autoscaling.enabled === true && (min > max || max < 1))
    refuseBy(
      "boundsInOrder",
      "INVALID_ARGUMENT",
      `min_node_count ${min} and max_node_count ${max} contradict each other.`,
    );
};

const checkVersion = (plane: string, version: string): void => {
  if (compareVersions(version, plane) > 0)
    refuseBy(
      "nodesNotNewer",
      "INVALID_ARGUMENT",
      `Node version "${version}" must not be greater than master version "${plane}".`,
    );
  if (minorsBetween(version, plane) > 2)
    refuseBy(
      "nodesTrailTwo",
      "INVALID_ARGUMENT",
      `Node version "${version}" is more than two minors older than "${plane}".`,
    );
};

const NAME = /^[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/;

const isInChannel = ({ settings }: { readonly settings: Record<string, unknown> }): boolean => {
  const { channel = "UNSPECIFIED" } = (settings["releaseChannel"] ?? {}) as { readonly channel?: string };
  return channel !== "UNSPECIFIED";
};

const checkNew = (context: GcpContext, cluster: string, asked: CreatePool): void => {
  const plane = mustCluster(context, cluster);
  const { name, autoscaling = {}, management = {}, version = plane.version } = asked;
  if (!NAME.test(name))
    refuseBy("poolName", "INVALID_ARGUMENT", `Invalid value for field "node_pool.name": "${name}".`);
  if (context.state.pools[poolKey(cluster, name)] !== undefined)
    refuseBy("exists", "ALREADY_EXISTS", `Already exists: node pool ${name} of ${cluster}.`);
  if (isInChannel(plane) && management.autoUpgrade !== true)
    refuseBy("channelUpgrades", "INVALID_ARGUMENT", "Auto_upgrade must be true when release_channel is set.");
  checkBounds(autoscaling);
  checkVersion(plane.version, version);
};

/** What GKE fills in where a request says nothing. */
export const newPool = (context: GcpContext, cluster: string, asked: CreatePool): PoolRecord => {
  const { name, initialNodeCount = 0, autoscaling = {}, management = {}, config = {} } = asked;
  const { locations = ["b", "c", "d"].map(letter => `${context.region}-${letter}`) } = asked;
  const { version = mustCluster(context, cluster).version } = asked;
  return {
    ...{ cluster, name, locations, initialNodeCount, autoscaling, management, config },
    version: resolveVersion(version),
    sizes: Object.fromEntries(locations.map(zone => [zone, initialNodeCount])),
    status: "PROVISIONING",
    statusMessage: "",
  };
};

export const createPool = (context: GcpContext, cluster: string, asked: CreatePool): OperationRecord => {
  checkFree(context, cluster);
  checkNew(context, cluster, asked);
  checkMachineType(asked.config?.machineType);
  const pool = newPool(context, cluster, asked);
  context.state.pools[poolKey(cluster, pool.name)] = pool;
  return raise(context, pool);
};

/** Also what a stand-in that was started again does with a pool it finds half made. */
export const raise = (context: GcpContext, pool: PoolRecord): OperationRecord =>
  runOperation(context, {
    type: "CREATE_NODE_POOL",
    cluster: pool.cluster,
    work: async signal => {
      try {
        await context.failures.pass("NodePoolMachines", pool.name, signal);
        await raisePool(pool, context, signal);
        pool.status = "RUNNING";
      } catch (error) {
        if (signal.aborted) return;
        const { name: code, message } = error as Error;
        const said = { code, canonicalCode: "RESOURCE_EXHAUSTED", message };
        Object.assign(pool, { status: "ERROR", statusMessage: message, conditions: [said] });
        throw error;
      }
    },
  });

export interface ChangePool {
  readonly taints?: { readonly taints?: readonly NodeTaint[] };
  readonly labels?: { readonly labels?: Readonly<Record<string, string>> };
  readonly autoscaling?: Autoscaling;
  readonly management?: PoolRecord["management"];
}

const CHANGEABLE = ["taints", "labels", "autoscaling", "management"];

/** Of UpdateNodePoolRequest only taints and labels; sizes' bounds and management have calls of their own. */
export const changePool = (
  context: GcpContext,
  names: readonly [string, string],
  asked: ChangePool,
): OperationRecord => {
  const pool = mustPool(context, ...names);
  const unknown = Object.keys(asked).filter(key => !CHANGEABLE.includes(key));
  if (unknown.length > 0) notCovered(`an update of a node pool's ${unknown.join(", ")}`);
  checkFree(context, pool.cluster);
  checkBounds(asked.autoscaling ?? {});
  return runOperation(context, {
    type: "UPDATE_NODE_POOL",
    cluster: pool.cluster,
    work: async signal => {
      pool.autoscaling = asked.autoscaling ?? pool.autoscaling;
      pool.management = asked.management ?? pool.management;
      const { taints, labels } = asked;
      if (labels !== undefined) pool.config = { ...pool.config, labels: labels.labels ?? {} };
      if (taints !== undefined) pool.config = { ...pool.config, taints: taints.taints ?? [] };
      await settlePool(pool, signal);
    },
  });
};

export const deletePool = (context: GcpContext, names: readonly [string, string]): OperationRecord => {
  const pool = mustPool(context, ...names);
  checkFree(context, pool.cluster);
  pool.status = "STOPPING";
  return runOperation(context, {
    type: "DELETE_NODE_POOL",
    cluster: pool.cluster,
    work: async signal => {
      await razePool(pool, signal);
      Reflect.deleteProperty(context.state.pools, poolKey(...names));
    },
  });
};

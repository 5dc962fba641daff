import { openFront } from "../front";
import { addressesOf } from "./account";
import { checkFree, type GcpContext, mustCluster, poolKey, poolsOf, runOperation } from "./context";
import {
  beginSoak,
  completeUpgrade,
  describeStage,
  moveControlPlane,
  type RollbackSafeUpgrade,
  takeBack,
} from "./stages";
import { raiseCluster, razeCluster, resolveVersion } from "./machines";
import { describePool, newPool } from "./nodePools";
import { notCovered, refuseBy } from "./rules";
import type { ClusterRecord, OperationRecord } from "./state";
import { isToken } from "./token";
import { minorsBetween } from "../versions";

export interface CreateCluster {
  readonly name: string;
  readonly initialClusterVersion?: string;
  readonly initialNodeCount?: number;
  readonly nodeConfig?: Record<string, unknown>;
  readonly [setting: string]: unknown;
}

export const describeCluster = (context: GcpContext, cluster: ClusterRecord): object => {
  const front = context.fronts.get(cluster.name);
  const { project, region } = context;
  return {
    ...cluster.settings,
    name: cluster.name,
    selfLink: `https://container.googleapis.com/v1/projects/${project}/locations/${region}/clusters/${cluster.name}`,
    location: region,
    status: cluster.status,
    ...describeAddresses(context, cluster),
    currentMasterVersion: cluster.version,
    ...describeStage(context, cluster),
    nodePools: poolsOf(context, cluster.name).map(pool => describePool(context, pool)),
    ...(front === undefined
      ? {}
      : {
          endpoint: front.endpoint.replace("https://", ""),
          masterAuth: { clusterCaCertificate: front.authority },
        }),
  };
};

/** The subnetwork of a network that makes its own is called as the network. */
const describeAddresses = (
  { state, account, project, region }: GcpContext,
  { name, settings }: ClusterRecord,
) => {
  const { ipAllocationPolicy, ...found } = addressesOf(state, account, name) as Record<string, object>;
  const { network = "default", subnetwork = network } = settings as Readonly<Record<string, string>>;
  return {
    ...found,
    ipAllocationPolicy: { ...(settings["ipAllocationPolicy"] as object), ...ipAllocationPolicy },
    networkConfig: { subnetwork: `projects/${project}/regions/${region}/subnetworks/${subnetwork}` },
  };
};

export const createCluster = (context: GcpContext, asked: CreateCluster): OperationRecord => {
  const { name, initialClusterVersion = "1.36", initialNodeCount = 0, nodeConfig = {}, ...settings } = asked;
  if (context.state.clusters[name] !== undefined)
    refuseBy("exists", "ALREADY_EXISTS", `Already exists: cluster ${name}.`);
  if (initialNodeCount < 1)
    refuseBy("firstPool", "INVALID_ARGUMENT", "Cluster.initial_node_count must be greater than zero.");
  const version = resolveVersion(initialClusterVersion);
  const cluster: ClusterRecord = { name, version, settings, status: "PROVISIONING" };
  context.state.clusters[name] = cluster;
  const first = newPool(context, name, {
    name: "default-pool",
    initialNodeCount,
    version,
    config: nodeConfig,
  });
  context.state.pools[poolKey(name, first.name)] = { ...first, status: "RUNNING" };
  return raise(context, cluster);
};

export const serve = async (context: GcpContext, { name }: ClusterRecord): Promise<void> =>
  void context.fronts.set(name, await openFront({ lab: name, cloud: "GKE", isToken }));

/** Also what a stand-in that was started again does with a cluster it finds half made. */
export const raise = (context: GcpContext, cluster: ClusterRecord): OperationRecord =>
  runOperation(context, {
    type: "CREATE_CLUSTER",
    cluster: cluster.name,
    work: async signal => {
      try {
        await raiseCluster(cluster, signal);
        await serve(context, cluster);
        cluster.status = "RUNNING";
      } catch (error) {
        cluster.status = signal.aborted ? cluster.status : "ERROR";
        throw error;
      }
    },
  });

const checkStep = (context: GcpContext, cluster: ClusterRecord, version: string): void => {
  const step = minorsBetween(cluster.version, version);
  if (step < 0 || step > 1)
    refuseBy(
      "oneMinor",
      "INVALID_ARGUMENT",
      `Master cannot be upgraded to "${version}": allowed is the same or the next minor of ${cluster.version}.`,
    );
  const tooOld = poolsOf(context, cluster.name).filter(pool => minorsBetween(pool.version, version) > 2);
  if (tooOld.length > 0)
    refuseBy(
      "nodesTrailTwo",
      "FAILED_PRECONDITION",
      `Node pools ${tooOld.map(one => one.name).join(", ")} would be more than two minor versions older.`,
    );
};

/** The versions are all of ClusterUpdate that the stand-in keeps. */
export const updateCluster = (
  context: GcpContext,
  name: string,
  { update }: { readonly update: Record<string, unknown> },
): OperationRecord => {
  const cluster = mustCluster(context, name);
  const {
    desiredMasterVersion: wanted,
    desiredRollbackSafeUpgrade,
    desiredEmulatedVersion,
    ...others
  } = update;
  if (Object.keys(others).length > 0)
    return notCovered(`an update of a cluster's ${Object.keys(update).join(", ")}`);
  checkFree(context, name);
  if (typeof desiredEmulatedVersion === "string" && wanted === undefined)
    return completeUpgrade(context, cluster, desiredEmulatedVersion);
  if (typeof wanted !== "string") return notCovered("an update of a cluster that names no version");
  const version = resolveVersion(wanted);
  if (cluster.soaking !== undefined) return takeBack(context, cluster, version);
  checkStep(context, cluster, version);
  const soaking = beginSoak(cluster, version, desiredRollbackSafeUpgrade as RollbackSafeUpgrade | undefined);
  return moveControlPlane(context, cluster, { version, ...(soaking === undefined ? {} : { soaking }) });
};

export const setMaintenancePolicy = (
  context: GcpContext,
  name: string,
  body: { readonly maintenancePolicy: unknown },
): OperationRecord => {
  const cluster = mustCluster(context, name);
  checkFree(context, name);
  cluster.settings["maintenancePolicy"] = body.maintenancePolicy;
  return runOperation(context, {
    type: "SET_MAINTENANCE_POLICY",
    cluster: name,
    work: () => Promise.resolve(),
  });
};

/** Its pools go with it. */
export const deleteCluster = (context: GcpContext, name: string): OperationRecord => {
  const cluster = mustCluster(context, name);
  checkFree(context, name);
  cluster.status = "STOPPING";
  return runOperation(context, {
    type: "DELETE_CLUSTER",
    cluster: name,
    work: async () => {
      await context.fronts.get(name)?.close();
      context.fronts.delete(name);
      await razeCluster(name);
      for (const pool of poolsOf(context, name))
        Reflect.deleteProperty(context.state.pools, poolKey(name, pool.name));
      Reflect.deleteProperty(context.state.clusters, name);
    },
  });
};

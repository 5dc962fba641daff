import { openFront } from "../front";
import { minorsBetween } from "../versions";
import { LOCATIONS } from "./account";
import { newPool } from "./agentPools";
import {
  type AzureContext,
  checkFree,
  clusterId,
  ending,
  findPool,
  mustCluster,
  ok,
  type Outcome,
  poolKey,
  poolsOf,
  runOperation,
} from "./context";
import { raiseCluster, raisePool, razeCluster, resolveVersion } from "./machines";
import { notCovered, refuseBy } from "./rules";
import type { ClusterRecord, OperationRecord, PoolProperties } from "./state";
import { isToken } from "./token";

type Profile = PoolProperties & { readonly name: string };

export interface PutCluster {
  readonly location: string;
  readonly properties: {
    readonly kubernetesVersion?: string;
    readonly agentPoolProfiles?: readonly Profile[] | null;
    readonly [setting: string]: unknown;
  };
  readonly [setting: string]: unknown;
}

export const describeCluster = (context: AzureContext, cluster: ClusterRecord): object => {
  const front = context.fronts.get(cluster.name);
  return {
    ...cluster.settings,
    id: clusterId(context, cluster.name),
    name: cluster.name,
    type: "Microsoft.ContainerService/ManagedClusters",
    location: cluster.location,
    properties: {
      ...cluster.properties,
      currentKubernetesVersion: cluster.version,
      provisioningState: cluster.provisioningState,
      networkProfile: describeNetwork(context, cluster),
      agentPoolProfiles: poolsOf(context, cluster.name).map(pool => ({
        ...pool.properties,
        name: pool.name,
        orchestratorVersion: pool.version,
        provisioningState: pool.provisioningState,
        ...ending.describe(pool),
      })),
      ...(front === undefined ? {} : { fqdn: new URL(front.endpoint).hostname }),
    },
  };
};

/** An overlay that names no range gets AKS's own. */
const describeNetwork = ({ account }: AzureContext, { properties }: ClusterRecord): object | undefined => {
  const profile = properties["networkProfile"] as { readonly networkPluginMode?: string } | undefined;
  return profile?.networkPluginMode === "overlay" ? { podCidr: account.podCidr, ...profile } : profile;
};

/** Makes the cluster, or changes one that is there. */
export const putCluster = (context: AzureContext, name: string, asked: PutCluster): Outcome =>
  context.state.clusters[name] === undefined
    ? createCluster(context, name, asked)
    : updateCluster(context, name, asked);

const nameOf = (location: string): string => location.toLowerCase().replaceAll(" ", "");

const checkLocation = (location: string): void => {
  if (LOCATIONS.map(nameOf).includes(nameOf(location))) return;
  refuseBy(
    "locationOffered",
    "LocationNotAvailableForResourceType",
    `The provided location '${location}' is not available for resource type 'Microsoft.ContainerService/managedClusters'.`,
  );
};

const createCluster = (context: AzureContext, name: string, asked: PutCluster): Outcome => {
  const { location, properties, ...settings } = asked;
  checkLocation(location);
  const { agentPoolProfiles, ...rest } = properties;
  const profiles = agentPoolProfiles ?? [];
  if (!profiles.some(({ mode }) => mode === "System"))
    refuseBy("birthPool", "InvalidParameter", "Required parameter agentPoolProfiles is missing (null).");
  const version = resolveVersion(rest.kubernetesVersion ?? "1.36");
  const cluster: ClusterRecord = {
    ...{ name, location, version, settings, properties: rest },
    provisioningState: "Creating",
  };
  context.state.clusters[name] = cluster;
  for (const { name: pool, ...profile } of profiles)
    context.state.pools[poolKey(name, pool)] = {
      ...newPool(context, [name, pool], profile),
      provisioningState: "Succeeded",
    };
  return { status: 201, body: describeCluster(context, cluster), operation: raise(context, cluster) };
};

const placeOf = ({ subscription }: AzureContext, { location }: ClusterRecord) => ({ subscription, location });

export const serve = async (context: AzureContext, { name }: ClusterRecord): Promise<void> =>
  void context.fronts.set(name, await openFront({ lab: name, cloud: "AKS", isToken }));

/** Also what a stand-in that was started again does with a cluster it finds half made. */
export const raise = (context: AzureContext, cluster: ClusterRecord): OperationRecord =>
  runOperation(context, {
    cluster: cluster.name,
    what: "Creating",
    work: async signal => {
      try {
        await raiseCluster(cluster, signal);
        for (const pool of poolsOf(context, cluster.name))
          await raisePool(pool, placeOf(context, cluster), signal);
        await serve(context, cluster);
        cluster.provisioningState = "Succeeded";
      } catch (error) {
        if (!signal.aborted) cluster.provisioningState = "Failed";
        throw error;
      }
    },
  });

/** An update states what is there: it adds no pool, and changes no version of one. */
const checkProfiles = (context: AzureContext, name: string, profiles: readonly Profile[]): void => {
  const unknown = profiles.filter(profile => findPool(context, name, profile.name) === undefined);
  if (unknown.length > 0)
    refuseBy(
      "noNewPoolInline",
      "BadRequest",
      "A new agent pool was introduced. Adding agent pools to an existing cluster is not allowed through managed cluster operations.",
    );
  const stated = profiles.filter(profile => profile.orchestratorVersion !== undefined);
  if (stated.length > 0 && stated.length < poolsOf(context, name).length)
    refuseBy(
      "inlineVersions",
      "BadRequest",
      "All Agent pools' OrchestratorVersion must be all specified or all unspecified.",
    );
  if (stated.length > 0) notCovered("an update of a cluster that states versions of its pools");
};

const checkStep = (context: AzureContext, cluster: ClusterRecord, version: string): void => {
  const step = minorsBetween(cluster.version, version);
  if (step < 0 || step > 1)
    refuseBy(
      "oneMinor",
      "BadRequest",
      `Upgrading Kubernetes version ${cluster.version} to ${version} is not allowed: one minor at a time, and never down.`,
    );
  const tooOld = poolsOf(context, cluster.name).filter(pool => minorsBetween(pool.version, version) > 3);
  if (tooOld.length > 0)
    refuseBy(
      "poolsTrailThree",
      "BadRequest",
      `Agent pools ${tooOld.map(one => one.name).join(", ")} would be more than three minors older.`,
    );
};

const updateCluster = (context: AzureContext, name: string, asked: PutCluster): Outcome => {
  const cluster = mustCluster(context, name);
  checkFree(context, name);
  const { location, properties, ...settings } = asked;
  const { agentPoolProfiles, ...rest } = properties;
  if (location !== cluster.location) notCovered("another location of a cluster");
  checkProfiles(context, name, agentPoolProfiles ?? []);
  const version = resolveVersion(rest.kubernetesVersion ?? cluster.version);
  checkStep(context, cluster, version);
  const moves = version !== cluster.version;
  const operation = runOperation(context, {
    cluster: name,
    what: moves ? "Upgrading" : "Updating",
    work: async signal => {
      if (moves) await raiseCluster({ name, version }, signal);
      Object.assign(cluster, { version, settings, properties: rest });
    },
  });
  return { status: 200, body: describeCluster(context, cluster), operation };
};

/** Its pools go with it. */
export const deleteCluster = (context: AzureContext, name: string): Outcome => {
  const cluster = mustCluster(context, name);
  checkFree(context, name);
  cluster.provisioningState = "Deleting";
  const operation = runOperation(context, {
    cluster: name,
    what: "Deleting",
    work: async () => {
      await context.fronts.get(name)?.close();
      context.fronts.delete(name);
      await razeCluster(name);
      for (const pool of poolsOf(context, name))
        Reflect.deleteProperty(context.state.pools, poolKey(name, pool.name));
      Reflect.deleteProperty(context.state.clusters, name);
    },
  });
  return { status: 202, body: {}, operation };
};

/** A kubeconfig without a secret, as `format=exec` asks for. */
export const listUserCredential = (context: AzureContext, name: string): Outcome => {
  mustCluster(context, name);
  const front = context.fronts.get(name);
  if (front === undefined) return notCovered(`credentials of ${name}, which has no API yet`);
  const cluster = { server: front.endpoint, "certificate-authority-data": front.authority };
  const config = { apiVersion: "v1", kind: "Config", clusters: [{ name, cluster }] };
  const value = Buffer.from(JSON.stringify(config)).toString("base64");
  return ok({ kubeconfigs: [{ name: "clusterUser", value }] });
};

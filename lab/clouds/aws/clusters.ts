import { changeSettings, checkMode, dropEntries, enterMaker, mayEnter, principalOf } from "./accessEntries";
import { openFront } from "./front";
import { addOnsOf, type AwsContext, clusterArn, groupKey, groupsOf, mustCluster, runUpdate } from "./context";
import { labVersion, raiseCluster, razeCluster, takeClusterBack } from "./machines";
import { refuseBy } from "./rules";
import type { ClusterRecord, UpdateRecord } from "./state";

export interface CreateCluster {
  readonly name: string;
  readonly version?: string;
  readonly roleArn: string;
  readonly resourcesVpcConfig: { readonly subnetIds?: readonly string[] } & Record<string, unknown>;
  readonly tags?: Record<string, string>;
  readonly [setting: string]: unknown;
}

const minorOf = (version: string): number => Number(version.split(".")[1]);

export const describeCluster = (context: AwsContext, cluster: ClusterRecord): object => {
  const front = context.fronts.get(cluster.name);
  return {
    ...cluster.settings,
    name: cluster.name,
    arn: clusterArn(context.region, cluster.name),
    createdAt: cluster.createdAt,
    version: cluster.version,
    roleArn: cluster.roleArn,
    status: cluster.status,
    tags: cluster.tags,
    platformVersion: "eks.1",
    ...(front === undefined
      ? {}
      : { endpoint: front.endpoint, certificateAuthority: { data: front.authority } }),
  };
};

/** What EKS fills in where a request says nothing. */
const DEFAULTS = {
  upgradePolicy: { supportType: "EXTENDED" },
  accessConfig: { authenticationMode: "CONFIG_MAP" },
};
const NETWORK = {
  endpointPublicAccess: true,
  endpointPrivateAccess: false,
  publicAccessCidrs: ["0.0.0.0/0"],
};

export const createCluster = (context: AwsContext, asked: CreateCluster): object => {
  const { name, roleArn, version = "1.36", tags = {}, ...settings } = asked;
  if (context.state.clusters[name] !== undefined)
    refuseBy("clusterExists", "ResourceInUseException", `Cluster already exists with name: ${name}`);
  labVersion(version);
  const cluster: ClusterRecord = {
    name,
    roleArn,
    version,
    tags,
    settings: { ...DEFAULTS, ...settings, resourcesVpcConfig: { ...NETWORK, ...asked.resourcesVpcConfig } },
    createdAt: Math.floor(Date.now() / 1000),
    subnets: [...(asked.resourcesVpcConfig.subnetIds ?? [])],
    maker: principalOf(context),
    status: "CREATING",
    updates: [],
  };
  context.state.clusters[name] = cluster;
  enterMaker(context, cluster);
  context.save();
  raise(context, cluster);
  return { cluster: describeCluster(context, cluster) };
};

/** Also what a stand-in that was started again does with a cluster it finds half made. */
export const raise = (context: AwsContext, cluster: ClusterRecord): void =>
  context.background.start(async signal => {
    try {
      await raiseCluster(cluster, signal);
      context.fronts.set(cluster.name, await openFront(cluster.name, () => mayEnter(context, cluster)));
      cluster.status = "ACTIVE";
    } catch (error) {
      if (signal.aborted) return;
      cluster.status = "FAILED";
      cluster.settings["health"] = { issues: [{ code: "InternalFailure", message: String(error) }] };
    }
    context.save();
  });

const checkFree = ({ name, status }: ClusterRecord): void => {
  if (status !== "ACTIVE")
    refuseBy("oneUpdate", "ResourceInUseException", `Cluster ${name} is currently ${status}`);
};

export const updateVersion = (
  context: AwsContext,
  name: string,
  version: string,
): { update: UpdateRecord } => {
  const cluster = mustCluster(context, name);
  checkFree(cluster);
  const step = minorOf(version) - minorOf(cluster.version);
  if (step < 0) return rollBack(context, cluster, version);
  if (step !== 1)
    refuseBy(
      "oneMinor",
      "InvalidParameterException",
      `Unsupported Kubernetes minor version update from ${cluster.version} to ${version}`,
    );
  const tooOld = groupsOf(context, name).filter(group => minorOf(version) - minorOf(group.version) > 3);
  if (tooOld.length > 0)
    refuseBy(
      "nodesTrailThree",
      "InvalidRequestException",
      `Nodegroups ${tooOld.map(one => one.name).join(", ")} must be updated first`,
    );
  labVersion(version);
  const work = async (signal: AbortSignal): Promise<void> => {
    await raiseCluster({ ...cluster, version }, signal);
    cluster.upgraded = { from: cluster.version, endedAt: Math.floor(Date.now() / 1000) };
    cluster.version = version;
  };
  return { update: runUpdate(context, cluster, { type: "VersionUpdate", work }) };
};

const WEEK_S = 7 * 86_400;

const checkRollback = (context: AwsContext, { name, upgraded }: ClusterRecord, version: string): void => {
  if (upgraded?.from !== version)
    refuseBy(
      "rollbackUndoes",
      "InvalidParameterException",
      `Cluster ${name} was not upgraded from ${version}`,
    );
  if (Date.now() / 1000 - (upgraded?.endedAt ?? 0) > WEEK_S)
    refuseBy("rollbackWeek", "InvalidRequestException", `Cluster ${name} was upgraded more than 7 days ago`);
  const newer = groupsOf(context, name).filter(group => minorOf(group.version) > minorOf(version));
  if (newer.length > 0)
    refuseBy(
      "rollbackNodesFirst",
      "InvalidRequestException",
      `Nodegroups ${newer.map(one => one.name).join(", ")} must be rolled back first`,
    );
};

const rollBack = (context: AwsContext, cluster: ClusterRecord, version: string): { update: UpdateRecord } => {
  checkRollback(context, cluster, version);
  const work = async (signal: AbortSignal): Promise<void> => {
    await takeClusterBack({ ...cluster, version }, signal);
    delete cluster.upgraded;
    cluster.version = version;
  };
  return { update: runUpdate(context, cluster, { type: "VersionRollback", work }) };
};

export const updateClusterConfig = (
  context: AwsContext,
  name: string,
  change: Record<string, unknown>,
): { update: UpdateRecord } => {
  const cluster = mustCluster(context, name);
  checkFree(cluster);
  checkMode(cluster, change);
  const work = (): Promise<void> => {
    changeSettings(context, cluster, change);
    return Promise.resolve();
  };
  return { update: runUpdate(context, cluster, { type: "ConfigUpdate", work }) };
};

export const deleteCluster = (context: AwsContext, name: string): object => {
  const cluster = mustCluster(context, name);
  if (groupsOf(context, name).length > 0)
    refuseBy("groupsFirst", "ResourceInUseException", "Cluster has nodegroups attached");
  cluster.status = "DELETING";
  context.save();
  context.background.start(async () => {
    await context.fronts.get(name)?.close();
    context.fronts.delete(name);
    await razeCluster(name);
    for (const addOn of addOnsOf(context, name))
      Reflect.deleteProperty(context.state.addOns, groupKey(name, addOn.name));
    dropEntries(context, name);
    Reflect.deleteProperty(context.state.clusters, name);
    context.save();
  });
  return { cluster: describeCluster(context, cluster) };
};

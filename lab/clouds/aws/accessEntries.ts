import { ACCOUNT, type AwsContext, groupKey, mustCluster, roleArn } from "./context";
import { notCovered, notFound, refuseBy } from "./rules";
import type { ClusterRecord, EntryRecord } from "./state";

export interface CreateEntry {
  readonly principalArn: string;
  readonly type?: string;
  readonly tags?: Record<string, string>;
}

export interface AssociatePolicy {
  readonly policyArn: string;
  readonly accessScope: { readonly type: string; readonly namespaces?: readonly string[] };
}

/** By cluster and principal. */
export type EntryNames = readonly [cluster: string, principal: string];

const ADMIN = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";

const seconds = (): number => Math.floor(Date.now() / 1000);

/** The role or user behind who calls. */
export const principalOf = ({ world }: Pick<AwsContext, "world">): string => {
  const role = /:assumed-role\/([^/]+)\//.exec(world.caller)?.[1];
  return role === undefined ? world.caller : roleArn(role);
};

const modeOf = ({ settings }: ClusterRecord): string =>
  (settings["accessConfig"] as { readonly authenticationMode?: string } | undefined)?.authenticationMode ??
  "CONFIG_MAP";

const bootstraps = ({ settings }: ClusterRecord): boolean =>
  (settings["accessConfig"] as { readonly bootstrapClusterCreatorAdminPermissions?: boolean } | undefined)
    ?.bootstrapClusterCreatorAdminPermissions !== false;

/** In a mode with entries the maker has one, unless the cluster was asked to be made without. */
export const enterMaker = (context: AwsContext, cluster: ClusterRecord): void => {
  const { maker, name } = cluster;
  if (maker === undefined || modeOf(cluster) === "CONFIG_MAP" || !bootstraps(cluster)) return;
  const entry = { cluster: name, principal: maker, type: "STANDARD", createdAt: seconds(), tags: {} };
  context.state.entries[groupKey(name, maker)] ??= { ...entry, policies: { [ADMIN]: { type: "cluster" } } };
};

/** aws-auth itself is not read: in mode CONFIG_MAP the maker alone gets in. */
export const mayEnter = (context: AwsContext, cluster: ClusterRecord): boolean => {
  const caller = principalOf(context);
  if (cluster.maker === undefined) return true;
  if (modeOf(cluster) === "CONFIG_MAP") return caller === cluster.maker;
  return context.state.entries[groupKey(cluster.name, caller)] !== undefined;
};

const ORDER = ["CONFIG_MAP", "API_AND_CONFIG_MAP", "API"];

export const checkMode = (cluster: ClusterRecord, change: Record<string, unknown>): void => {
  const { accessConfig } = change as { readonly accessConfig?: { readonly authenticationMode?: string } };
  const asked = accessConfig?.authenticationMode;
  if (asked === undefined || ORDER.indexOf(asked) >= ORDER.indexOf(modeOf(cluster))) return;
  refuseBy(
    "accessOneWay",
    "InvalidParameterException",
    `Unsupported authentication mode update from ${modeOf(cluster)} to ${asked}`,
  );
};

/** A cluster that gets entries gets its maker's with them. */
export const changeSettings = (
  context: AwsContext,
  cluster: ClusterRecord,
  change: Record<string, unknown>,
): void => {
  const before = modeOf(cluster);
  Object.assign(cluster.settings, change);
  if (before === "CONFIG_MAP") enterMaker(context, cluster);
};

/** Entries are read and made in a mode that has them. */
const withEntries = (context: AwsContext, name: string): ClusterRecord => {
  const cluster = mustCluster(context, name);
  if (modeOf(cluster) === "CONFIG_MAP")
    refuseBy(
      "entryNeedsApi",
      "InvalidRequestException",
      "The cluster's authentication mode must be set to one of [API, API_AND_CONFIG_MAP] to perform this operation.",
    );
  return cluster;
};

const mustEntry = (context: AwsContext, [cluster, principal]: EntryNames): EntryRecord => {
  withEntries(context, cluster);
  return (
    context.state.entries[groupKey(cluster, principal)] ??
    notFound(`The specified principalArn could not be found. You can view your available access entries`)
  );
};

const entriesOf = ({ state }: AwsContext, cluster: string): readonly EntryRecord[] =>
  Object.values(state.entries).filter(entry => entry.cluster === cluster);

export const dropEntries = (context: AwsContext, cluster: string): void => {
  for (const { principal } of entriesOf(context, cluster))
    Reflect.deleteProperty(context.state.entries, groupKey(cluster, principal));
};

const describe = ({ region }: AwsContext, entry: EntryRecord): object => ({
  clusterName: entry.cluster,
  principalArn: entry.principal,
  type: entry.type,
  kubernetesGroups: [],
  username: entry.principal,
  accessEntryArn: `arn:aws:eks:${region}:${ACCOUNT}:access-entry/${entry.cluster}/${entry.principal.split("/").at(-1) ?? ""}/stand-in`,
  ...{ tags: entry.tags, createdAt: entry.createdAt, modifiedAt: entry.createdAt },
});

export const listEntries = (context: AwsContext, cluster: string): object => {
  withEntries(context, cluster);
  return { accessEntries: entriesOf(context, cluster).map(({ principal }) => principal) };
};

export const describeEntry = (context: AwsContext, names: EntryNames): object => ({
  accessEntry: describe(context, mustEntry(context, names)),
});

export const createEntry = (context: AwsContext, cluster: string, asked: CreateEntry): object => {
  withEntries(context, cluster);
  const { principalArn: principal, type = "STANDARD", tags = {} } = asked;
  if (type !== "STANDARD") return notCovered(`access entries of type ${type}`);
  if (!/^arn:[^:]+:iam::\d+:(?:role|user)\//.test(principal))
    refuseBy(
      "entryOfPrincipal",
      "InvalidParameterException",
      "The principalArn parameter format is not valid",
    );
  if (context.state.entries[groupKey(cluster, principal)] !== undefined)
    refuseBy(
      "entryExists",
      "ResourceInUseException",
      "The specified access entry resource is already in use on this cluster.",
    );
  const entry: EntryRecord = { cluster, principal, type, tags, createdAt: seconds(), policies: {} };
  context.state.entries[groupKey(cluster, principal)] = entry;
  context.save();
  return { accessEntry: describe(context, entry) };
};

export const deleteEntry = (context: AwsContext, names: EntryNames): object => {
  const { cluster, principal } = mustEntry(context, names);
  Reflect.deleteProperty(context.state.entries, groupKey(cluster, principal));
  context.save();
  return {};
};

const describePolicies = ({ policies, createdAt }: EntryRecord): readonly object[] =>
  Object.entries(policies).map(([policyArn, accessScope]) => ({
    ...{ policyArn, accessScope },
    ...{ associatedAt: createdAt, modifiedAt: createdAt },
  }));

export const listPolicies = (context: AwsContext, names: EntryNames): object => ({
  clusterName: names[0],
  principalArn: names[1],
  associatedAccessPolicies: describePolicies(mustEntry(context, names)),
});

export const associate = (context: AwsContext, names: EntryNames, asked: AssociatePolicy): object => {
  const entry = mustEntry(context, names);
  entry.policies[asked.policyArn] = asked.accessScope;
  context.save();
  return {
    clusterName: entry.cluster,
    principalArn: entry.principal,
    associatedAccessPolicy: describePolicies(entry).at(-1),
  };
};

export const disassociate = (context: AwsContext, names: EntryNames, policy: string): object => {
  Reflect.deleteProperty(mustEntry(context, names).policies, policy);
  context.save();
  return {};
};

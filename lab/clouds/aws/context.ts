import { randomUUID } from "node:crypto";
import type { Background } from "../background";
import type { Failures } from "../fault";
import type { Front } from "./front";
import { notFound } from "./rules";
import type { AddOnRecord, ClusterRecord, GroupRecord, StateFile, UpdateRecord } from "./state";
import type { World } from "./world/world";

/** What every operation of the stand-in works on. */
export interface AwsContext extends StateFile {
  readonly region: string;
  readonly world: World;
  readonly failures: Failures;
  readonly background: Background;
  /** Where each cluster's API is reached. */
  readonly fronts: Map<string, Front>;
}

export const ACCOUNT = "000000000000";

export const clusterArn = (region: string, name: string): string =>
  `arn:aws:eks:${region}:${ACCOUNT}:cluster/${name}`;

/** Roles lie under a path that the ARN of their sessions leaves out. */
export const roleArn = (name: string): string => `arn:aws:iam::${ACCOUNT}:role/team/${name}`;

export const mustCluster = ({ state }: AwsContext, name: string): ClusterRecord =>
  state.clusters[name] ?? notFound(`No cluster found for name: ${name}.`);

export const groupKey = (cluster: string, group: string): string => `${cluster}/${group}`;

export const mustGroup = (context: AwsContext, cluster: string, group: string): GroupRecord => {
  mustCluster(context, cluster);
  return (
    context.state.groups[groupKey(cluster, group)] ?? notFound(`No node group found for name: ${group}.`)
  );
};

export const groupsOf = ({ state }: AwsContext, cluster: string): readonly GroupRecord[] =>
  Object.values(state.groups).filter(group => group.cluster === cluster);

export const mustAddOn = (context: AwsContext, cluster: string, name: string): AddOnRecord => {
  mustCluster(context, cluster);
  return (
    context.state.addOns[groupKey(cluster, name)] ??
    notFound(`No addon: ${name} found in cluster: ${cluster}`)
  );
};

export const addOnsOf = ({ state }: AwsContext, cluster: string): readonly AddOnRecord[] =>
  Object.values(state.addOns).filter(addOn => addOn.cluster === cluster);

const seconds = (): number => Math.floor(Date.now() / 1000);

export const newUpdate = (type: string): UpdateRecord => ({
  id: randomUUID(),
  type,
  createdAt: seconds(),
  status: "InProgress",
  errors: [],
});

interface Updated {
  status: string;
  updates: UpdateRecord[];
}

/** Answers at once with an update in progress, goes on behind it, and says how it ended. */
export const runUpdate = (
  context: AwsContext,
  of: Updated,
  { type, work }: { readonly type: string; readonly work: (signal: AbortSignal) => Promise<void> },
): UpdateRecord => {
  const update = newUpdate(type);
  of.status = "UPDATING";
  of.updates.push(update);
  context.save();
  context.background.start(async signal => {
    try {
      await work(signal);
      update.status = "Successful";
    } catch (error) {
      if (signal.aborted) return;
      update.status = "Failed";
      update.errors.push({ errorCode: "Unknown", errorMessage: String(error) });
    }
    of.status = "ACTIVE";
    context.save();
  });
  return update;
};

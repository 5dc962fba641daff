import { ACCOUNT, type AwsContext, groupKey, mustCluster, mustGroup, runUpdate } from "./context";
import { checkInstanceType, raiseGroup, razeGroup, settleGroup } from "./machines";
import { issueOf, refuseBy } from "./rules";
import type { GroupRecord, Taint, UpdateRecord } from "./state";

type Scaling = GroupRecord["scaling"];

export interface CreateGroup {
  readonly nodegroupName: string;
  readonly nodeRole: string;
  readonly subnets: readonly string[];
  readonly scalingConfig?: Partial<Scaling>;
  readonly instanceTypes?: readonly string[];
  readonly amiType?: string;
  readonly version?: string;
  readonly releaseVersion?: string;
  readonly labels?: Record<string, string>;
  readonly taints?: readonly Taint[];
  readonly tags?: Record<string, string>;
  readonly updateConfig?: Record<string, number>;
  readonly capacityType?: string;
  readonly diskSize?: number;
  readonly launchTemplate?: GroupRecord["launchTemplate"];
}

const DISK_GIB = 20;

export const scalingName = ({ name, cluster }: GroupRecord): string => `eks-${name}-${cluster}`;

export const describeGroup = ({ region }: AwsContext, group: GroupRecord): object => ({
  nodegroupName: group.name,
  nodegroupArn: `arn:aws:eks:${region}:${ACCOUNT}:nodegroup/${group.cluster}/${group.name}`,
  clusterName: group.cluster,
  version: group.version,
  releaseVersion: group.releaseVersion,
  createdAt: group.createdAt,
  status: group.status,
  capacityType: group.capacityType ?? "ON_DEMAND",
  scalingConfig: group.scaling,
  instanceTypes: [group.instanceType],
  subnets: group.subnets,
  amiType: group.amiType,
  nodeRole: group.nodeRole,
  labels: group.labels,
  taints: group.taints,
  tags: group.tags,
  updateConfig: group.updateConfig,
  ...(group.launchTemplate === undefined
    ? { diskSize: group.diskSize ?? DISK_GIB }
    : { launchTemplate: group.launchTemplate }),
  resources: { autoScalingGroups: [{ name: scalingName(group) }] },
  health: { issues: group.issues },
});

const NAME_LENGTH = 63;

const minorOf = (version: string): number => Number(version.split(".")[1]);

export const checkSizes = ({ minSize, desiredSize, maxSize }: Scaling): void => {
  const inOrder = minSize >= 0 && minSize <= desiredSize && desiredSize <= maxSize && maxSize >= 1;
  if (!inOrder)
    refuseBy(
      "sizesInOrder",
      "InvalidParameterException",
      `minSize ${minSize}, desiredSize ${desiredSize} and maxSize ${maxSize} contradict each other`,
    );
};

const checkNew = (context: AwsContext, cluster: string, asked: CreateGroup): void => {
  const { status, version: plane } = mustCluster(context, cluster);
  const { nodegroupName: name, version = plane } = asked;
  if (name.length > NAME_LENGTH)
    refuseBy("groupName", "InvalidParameterException", `Nodegroup name ${name} is too long`);
  if (context.state.groups[groupKey(cluster, name)] !== undefined)
    refuseBy(
      "groupExists",
      "ResourceInUseException",
      `NodeGroup already exists with name ${name} and cluster name ${cluster}`,
    );
  if (status !== "ACTIVE")
    refuseBy("clusterActive", "InvalidRequestException", `Cluster '${cluster}' is not in ACTIVE status`);
  checkTemplate(asked);
  checkTrail(plane, version);
};

const checkTemplate = ({ launchTemplate, diskSize }: CreateGroup): void => {
  if (launchTemplate !== undefined && diskSize !== undefined)
    refuseBy(
      "diskInTemplate",
      "InvalidParameterException",
      "Disk size must be specified within the launch template.",
    );
};

const checkTrail = (plane: string, version: string): void => {
  const behind = minorOf(plane) - minorOf(version);
  if (behind < 0)
    refuseBy(
      "nodesNotNewer",
      "InvalidParameterException",
      `Nodegroup Kubernetes version ${version} is newer than the cluster's ${plane}`,
    );
  if (behind > 3)
    refuseBy(
      "nodesTrailThree",
      "InvalidParameterException",
      `Nodegroup Kubernetes version ${version} is too old for ${plane}`,
    );
};

type Asked = ("nodegroupName" | "nodeRole" | "subnets") | ("capacityType" | "diskSize" | "launchTemplate");

/** What AWS fills in where a request says nothing. */
const defaultsFor = (version: string): Required<Omit<CreateGroup, Asked>> => ({
  version,
  releaseVersion: `${version}.0-20260101`,
  amiType: "AL2023_x86_64_STANDARD",
  instanceTypes: ["m7i.large"],
  scalingConfig: { minSize: 1, maxSize: 2, desiredSize: 2 },
  labels: {},
  taints: [],
  tags: {},
  updateConfig: { maxUnavailable: 1 },
});

const newGroup = (context: AwsContext, cluster: string, asked: CreateGroup): GroupRecord => {
  const full = { ...defaultsFor(asked.version ?? mustCluster(context, cluster).version), ...asked };
  const { nodegroupName: name, instanceTypes, scalingConfig, ...rest } = full;
  const scaling = scalingConfig as Scaling;
  checkSizes(scaling);
  return {
    ...rest,
    cluster,
    name,
    scaling,
    taints: [...rest.taints],
    instanceType: instanceTypes[0] ?? "",
    createdAt: Math.floor(Date.now() / 1000),
    status: "CREATING",
    suspended: [],
    scalingTags: { [`kubernetes.io/cluster/${cluster}`]: "owned" },
    issues: [],
    updates: [],
  };
};

export const createGroup = (context: AwsContext, cluster: string, asked: CreateGroup): object => {
  checkNew(context, cluster, asked);
  const group = newGroup(context, cluster, asked);
  checkInstanceType(group.instanceType);
  context.state.groups[groupKey(cluster, group.name)] = group;
  context.save();
  raise(context, group);
  return { nodegroup: describeGroup(context, group) };
};

/** Also what a stand-in that was started again does with a group it finds half made. */
export const raise = (context: AwsContext, group: GroupRecord): void =>
  context.background.start(async signal => {
    try {
      await context.failures.pass("NodegroupNodes", group.name, signal);
      const place = { cluster: mustCluster(context, group.cluster), region: context.region };
      await raiseGroup(group, place, signal);
      group.status = "ACTIVE";
    } catch (error) {
      if (signal.aborted) return;
      group.status = "CREATE_FAILED";
      group.issues.push(issueOf(error));
    }
    context.save();
  });

export interface ChangeGroup {
  readonly labels?: {
    readonly addOrUpdateLabels?: Record<string, string>;
    readonly removeLabels?: readonly string[];
  };
  readonly taints?: {
    readonly addOrUpdateTaints?: readonly Taint[];
    readonly removeTaints?: readonly Taint[];
  };
  readonly scalingConfig?: Partial<Scaling>;
  readonly updateConfig?: Record<string, number>;
}

const isSame = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect;

const changedTaints = (group: GroupRecord, { taints = {} }: ChangeGroup): Taint[] => {
  const { addOrUpdateTaints: added = [], removeTaints: removed = [] } = taints;
  const kept = group.taints.filter(taint => ![...added, ...removed].some(other => isSame(other, taint)));
  return [...kept, ...added];
};

const changedLabels = (group: GroupRecord, { labels = {} }: ChangeGroup): Record<string, string> => {
  const all = { ...group.labels, ...labels.addOrUpdateLabels };
  return Object.fromEntries(
    Object.entries(all).filter(([key]) => labels.removeLabels?.includes(key) !== true),
  );
};

export const checkGroupFree = ({ name, status }: GroupRecord): void => {
  if (status === "UPDATING" || status === "CREATING")
    refuseBy("oneUpdate", "ResourceInUseException", `Nodegroup ${name} is currently ${status}`);
};

export const updateGroupConfig = (
  context: AwsContext,
  names: readonly [string, string],
  change: ChangeGroup,
): { update: UpdateRecord } => {
  const group = mustGroup(context, ...names);
  checkGroupFree(group);
  if (group.status === "CREATE_FAILED")
    refuseBy(
      "failedStays",
      "ResourceInUseException",
      "Nodegroup cannot be updated as it is currently not in Active State",
    );
  const scaling = { ...group.scaling, ...change.scalingConfig };
  checkSizes(scaling);
  const work = async (signal: AbortSignal): Promise<void> => {
    group.scaling = scaling;
    group.taints = changedTaints(group, change);
    group.labels = changedLabels(group, change);
    group.updateConfig = { ...group.updateConfig, ...change.updateConfig };
    await settleGroup(group, signal);
  };
  return { update: runUpdate(context, group, { type: "ConfigUpdate", work }) };
};

export const deleteGroup = (context: AwsContext, cluster: string, name: string): object => {
  const group = mustGroup(context, cluster, name);
  checkGroupFree(group);
  group.status = "DELETING";
  context.save();
  context.background.start(async signal => {
    try {
      await razeGroup(group, signal);
      Reflect.deleteProperty(context.state.groups, groupKey(cluster, name));
    } catch (error) {
      group.status = "DELETE_FAILED";
      group.issues.push({ code: "InternalFailure", message: String(error) });
    }
    context.save();
  });
  return { nodegroup: describeGroup(context, group) };
};

import {
  CreateNodegroupCommand,
  type CreateNodegroupCommandInput,
  DeleteNodegroupCommand,
  DescribeNodegroupCommand,
  DescribeUpdateCommand,
  type EKSClient,
  type Nodegroup,
  UpdateNodegroupConfigCommand,
} from "@aws-sdk/client-eks";
import { changedKeys, HalfMade, type Props, type ResourceKind } from "../../plugin/kind";
import { absentIfNotFound, until } from "./until";

interface GroupProps {
  readonly clusterName: string;
  readonly nodeGroupName: string;
  readonly nodeRoleArn: string;
  readonly subnetIds: string[];
  readonly instanceTypes?: string[];
  readonly amiType?: CreateNodegroupCommandInput["amiType"];
  readonly version?: string;
  readonly releaseVersion?: string;
  readonly labels?: Record<string, string>;
  readonly taints?: CreateNodegroupCommandInput["taints"];
  readonly tags?: Record<string, string>;
  readonly scalingConfig: CreateNodegroupCommandInput["scalingConfig"];
  readonly updateConfig?: CreateNodegroupCommandInput["updateConfig"];
  readonly capacityType?: CreateNodegroupCommandInput["capacityType"];
  readonly diskSize?: number;
  readonly launchTemplate?: CreateNodegroupCommandInput["launchTemplate"];
}

const read = (props: Props): GroupProps => props as unknown as GroupProps;

const request = (props: GroupProps): CreateNodegroupCommandInput => ({
  clusterName: props.clusterName,
  nodegroupName: props.nodeGroupName,
  nodeRole: props.nodeRoleArn,
  subnets: props.subnetIds,
  instanceTypes: props.instanceTypes,
  amiType: props.amiType,
  version: props.version,
  releaseVersion: props.releaseVersion,
  labels: props.labels,
  taints: props.taints,
  tags: props.tags,
  scalingConfig: props.scalingConfig,
  updateConfig: props.updateConfig,
  capacityType: props.capacityType,
  diskSize: props.diskSize,
  launchTemplate: props.launchTemplate,
});

const idOf = ({ clusterName, nodeGroupName }: GroupProps): string => `${clusterName}:${nodeGroupName}`;

const namesIn = (id: string): { clusterName: string; nodegroupName: string } => {
  const [clusterName = "", nodegroupName = ""] = id.split(":");
  return { clusterName, nodegroupName };
};

/** Everything the API says goes into the state, as with the real provider: a refresh sees what gates changed. */
const outputsOf = (group: Nodegroup): Props => ({
  region: group.nodegroupArn?.split(":")[3],
  clusterName: group.clusterName,
  nodeGroupName: group.nodegroupName,
  nodeRoleArn: group.nodeRole,
  subnetIds: group.subnets,
  instanceTypes: group.instanceTypes,
  amiType: group.amiType,
  capacityType: group.capacityType,
  diskSize: group.diskSize,
  launchTemplate: group.launchTemplate,
  version: group.version,
  releaseVersion: group.releaseVersion,
  labels: group.labels,
  taints: group.taints,
  tags: group.tags,
  scalingConfig: group.scalingConfig,
  updateConfig: group.updateConfig,
  arn: group.nodegroupArn,
  status: group.status,
  resources: group.resources,
});

const withRegion = (inputs: Props, outs: Props): Props => ({
  ...outs,
  ...(inputs["region"] === undefined ? {} : { region: inputs["region"] }),
});

const reasonsOf = ({ health }: Nodegroup): string =>
  (health?.issues ?? []).map(({ code, message }) => `${code ?? ""}: ${message ?? ""}`).join("; ");

const find = (eks: EKSClient, id: string): Promise<Nodegroup | undefined> =>
  absentIfNotFound(async () => (await eks.send(new DescribeNodegroupCommand(namesIn(id)))).nodegroup);

const SETTLED = ["ACTIVE", "DEGRADED", "CREATE_FAILED"];

const untilSettled = (eks: EKSClient, id: string): Promise<Nodegroup> =>
  until(`EKS node group ${id}`, async () => {
    const group = await find(eks, id);
    return SETTLED.includes(group?.status ?? "") ? group : undefined;
  });

const change = async (eks: EKSClient, id: string, props: GroupProps): Promise<void> => {
  const { clusterName, nodegroupName } = namesIn(id);
  const { scalingConfig, updateConfig } = props;
  const command = new UpdateNodegroupConfigCommand({ ...namesIn(id), scalingConfig, updateConfig });
  const { update } = await eks.send(command);
  const look = new DescribeUpdateCommand({ name: clusterName, nodegroupName, updateId: update?.id });
  await until(`update of ${id}`, async () =>
    (await eks.send(look)).update?.status === "Successful" ? true : undefined,
  );
};

const create = async (eks: EKSClient, inputs: Props): Promise<{ id: string; outs: Props }> => {
  await eks.send(new CreateNodegroupCommand(request(read(inputs))));
  const id = idOf(read(inputs));
  const group = await untilSettled(eks, id);
  const made = { id, outs: withRegion(inputs, outputsOf(group)) };
  if (group.status !== "CREATE_FAILED") return made;
  throw new HalfMade(made, `unexpected state 'CREATE_FAILED', wanted target 'ACTIVE'. ${reasonsOf(group)}`);
};

const COVERED = ["scalingConfig", "updateConfig", "tags"];

const update = async (eks: EKSClient, id: string, props: { olds: Props; news: Props }): Promise<Props> => {
  const { olds, news } = props;
  const changed = changedKeys(olds, news);
  const unknown = changed.filter(key => !COVERED.includes(key));
  if (unknown.length > 0) throw new Error(`the stand-in does not cover an update of ${unknown.join(", ")}`);
  if (changed.some(key => key !== "tags")) await change(eks, id, read(news));
  return withRegion(news, outputsOf(await untilSettled(eks, id)));
};

export const nodeGroupKind = (eks: EKSClient): ResourceKind => ({
  replacing: [
    ...["amiType", "capacityType", "clusterName", "diskSize", "instanceTypes", "nodeGroupName"],
    ...["nodeRoleArn", "region", "remoteAccess", "subnetIds", "launchTemplate.id", "launchTemplate.name"],
  ],
  settable: [
    ...["region", "clusterName", "nodeGroupName", "nodeRoleArn", "subnetIds", "instanceTypes", "amiType"],
    ...["version", "releaseVersion", "labels", "taints", "tags", "scalingConfig", "updateConfig"],
    ...["capacityType", "diskSize", "launchTemplate"],
    ...["capacityType", "diskSize", "launchTemplate"],
  ],
  create: inputs => create(eks, inputs),
  read: async id => {
    const group = await find(eks, id);
    return group === undefined ? undefined : outputsOf(group);
  },
  update: (id, olds, news) => update(eks, id, { olds, news }),
  remove: async id => {
    await absentIfNotFound(() => eks.send(new DeleteNodegroupCommand(namesIn(id))));
    await until(`the end of ${id}`, async () => ((await find(eks, id)) === undefined ? true : undefined));
  },
});

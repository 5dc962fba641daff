import {
  type Cluster,
  CreateClusterCommand,
  type CreateClusterCommandInput,
  DeleteClusterCommand,
  DescribeClusterCommand,
  DescribeUpdateCommand,
  type EKSClient,
  UpdateClusterConfigCommand,
  type UpdateClusterConfigCommandInput,
  UpdateClusterVersionCommand,
} from "@aws-sdk/client-eks";
import { changedKeys, type Props, type ResourceKind } from "../../plugin/kind";
import { absentIfNotFound, until } from "./until";

interface ClusterProps {
  readonly name: string;
  readonly version: string;
  readonly roleArn: string;
  readonly vpcConfig: Readonly<Record<string, unknown>>;
  readonly accessConfig?: CreateClusterCommandInput["accessConfig"];
  readonly encryptionConfig?: {
    readonly provider: { readonly keyArn: string };
    readonly resources: string[];
  };
  readonly upgradePolicy?: CreateClusterCommandInput["upgradePolicy"];
  readonly enabledClusterLogTypes?: readonly string[];
  readonly bootstrapSelfManagedAddons?: boolean;
  readonly tags?: Record<string, string>;
}

const read = (props: Props): ClusterProps => props as unknown as ClusterProps;

const logging = ({ enabledClusterLogTypes = [] }: ClusterProps): CreateClusterCommandInput["logging"] => ({
  clusterLogging: [{ enabled: true, types: [...enabledClusterLogTypes] as never[] }],
});

const request = (props: ClusterProps): CreateClusterCommandInput => ({
  name: props.name,
  version: props.version,
  roleArn: props.roleArn,
  resourcesVpcConfig: props.vpcConfig,
  accessConfig: props.accessConfig,
  upgradePolicy: props.upgradePolicy,
  encryptionConfig: props.encryptionConfig === undefined ? undefined : [props.encryptionConfig],
  logging: logging(props),
  bootstrapSelfManagedAddons: props.bootstrapSelfManagedAddons,
  tags: props.tags,
});

const outputsOf = (inputs: Props, cluster: Cluster): Props => ({
  ...inputs,
  version: cluster.version,
  arn: cluster.arn,
  endpoint: cluster.endpoint,
  certificateAuthority: { data: cluster.certificateAuthority?.data },
  status: cluster.status,
  platformVersion: cluster.platformVersion,
  createdAt: cluster.createdAt?.toISOString(),
});

/** All that the API says of what a program may set: an import has nothing but that. */
const seenOf = (cluster: Cluster): Props => ({
  name: cluster.name,
  region: cluster.arn?.split(":")[3],
  roleArn: cluster.roleArn,
  vpcConfig: cluster.resourcesVpcConfig,
  accessConfig: cluster.accessConfig,
  upgradePolicy: cluster.upgradePolicy,
  encryptionConfig: cluster.encryptionConfig?.[0],
  enabledClusterLogTypes: (cluster.logging?.clusterLogging ?? []).flatMap(({ enabled, types = [] }) =>
    enabled === true ? types : [],
  ),
  tags: cluster.tags,
});

type ChangeOf = (props: ClusterProps) => Omit<UpdateClusterConfigCommandInput, "name">;

/** What one changed property becomes: EKS takes one kind of change in a call. */
const CHANGES: Readonly<Record<string, ChangeOf>> = {
  vpcConfig: ({ vpcConfig }) => ({ resourcesVpcConfig: vpcConfig }),
  accessConfig: ({ accessConfig }) => ({
    accessConfig: { authenticationMode: accessConfig?.authenticationMode },
  }),
  upgradePolicy: ({ upgradePolicy }) => ({ upgradePolicy }),
  enabledClusterLogTypes: props => ({ logging: logging(props) }),
};

const find = (eks: EKSClient, name: string): Promise<Cluster | undefined> =>
  absentIfNotFound(async () => (await eks.send(new DescribeClusterCommand({ name }))).cluster);

const untilActive = (eks: EKSClient, name: string): Promise<Cluster> =>
  until(`EKS cluster ${name}`, async () => {
    const cluster = await find(eks, name);
    if (cluster?.status === "FAILED") throw new Error(`unexpected state 'FAILED', wanted target 'ACTIVE'`);
    return cluster?.status === "ACTIVE" ? cluster : undefined;
  });

const untilThrough = (eks: EKSClient, name: string, updateId = ""): Promise<true> =>
  until(`update ${updateId} of ${name}`, async () => {
    const { update } = await eks.send(new DescribeUpdateCommand({ name, updateId }));
    if (update?.status === "Failed") throw new Error(update.errors?.[0]?.errorMessage ?? "update failed");
    return update?.status === "Successful" ? true : undefined;
  });

const move = async (eks: EKSClient, name: string, version: string): Promise<void> => {
  const { update } = await eks.send(new UpdateClusterVersionCommand({ name, version }));
  await untilThrough(eks, name, update?.id);
};

const change = async (eks: EKSClient, name: string, setting: ReturnType<ChangeOf>): Promise<void> => {
  const { update } = await eks.send(new UpdateClusterConfigCommand({ name, ...setting }));
  await untilThrough(eks, name, update?.id);
};

const SETTABLE = [
  ...[
    "name",
    "region",
    "roleArn",
    "version",
    "vpcConfig",
    "accessConfig",
    "upgradePolicy",
    "encryptionConfig",
  ],
  ...["enabledClusterLogTypes", "bootstrapSelfManagedAddons", "tags"],
];

const REPLACING = [
  ...["name", "region", "roleArn", "accessConfig.bootstrapClusterCreatorAdminPermissions"],
  ...["bootstrapSelfManagedAddons", "kubernetesNetworkConfig", "outpostConfig", "encryptionConfig"],
];

export const clusterKind = (eks: EKSClient): ResourceKind => ({
  replacing: REPLACING,
  computed: ["vpcConfig.publicAccessCidrs"],
  settable: SETTABLE,
  create: async inputs => {
    await eks.send(new CreateClusterCommand(request(read(inputs))));
    const { name } = read(inputs);
    return { id: name, outs: outputsOf(inputs, await untilActive(eks, name)) };
  },
  read: async id => {
    const cluster = await find(eks, id);
    return cluster === undefined ? undefined : outputsOf(seenOf(cluster), cluster);
  },
  update: async (id, olds, news) => {
    const changed = changedKeys(olds, news);
    if (changed.includes("version")) await move(eks, id, read(news).version);
    for (const setting of changed.flatMap(key => CHANGES[key] ?? []))
      await change(eks, id, setting(read(news)));
    return outputsOf(news, await untilActive(eks, id));
  },
  remove: async id => {
    await absentIfNotFound(() => eks.send(new DeleteClusterCommand({ name: id })));
    await until(`the end of ${id}`, async () => ((await find(eks, id)) === undefined ? true : undefined));
  },
});

import { changedKeys, type Props, type ResourceKind } from "../../plugin/kind";
import { compareVersions } from "../../versions";
import { type Client, mustEnd, unlessGone } from "./client";

interface ClusterProps {
  readonly name: string;
  readonly project: string;
  readonly location: string;
  readonly minMasterVersion?: string;
  readonly initialNodeCount?: number;
  readonly removeDefaultNodePool?: boolean;
  readonly nodeConfig?: object;
  readonly network?: string;
  readonly subnetwork?: string;
  readonly ipAllocationPolicy?: object;
  readonly releaseChannel?: object;
  readonly workloadIdentityConfig?: object;
  readonly maintenancePolicy?: MaintenanceProps;
  readonly rollbackSafeUpgrade?: { readonly controlPlaneSoakDuration?: string };
  readonly masterVersion?: string;
}

interface MaintenanceProps {
  readonly dailyMaintenanceWindow?: object;
  readonly maintenanceExclusions?: readonly {
    readonly exclusionName: string;
    readonly startTime: string;
    readonly endTime: string;
    readonly exclusionOptions?: { readonly scope: string };
  }[];
}

interface ApiCluster {
  readonly name: string;
  readonly endpoint?: string;
  readonly currentMasterVersion?: string;
  readonly currentEmulatedVersion?: string;
  readonly rollbackSafeUpgrade?: object;
  readonly selfLink?: string;
  readonly status?: string;
  readonly masterAuth?: { readonly clusterCaCertificate?: string };
}

const read = (props: Props): ClusterProps => props as unknown as ClusterProps;

const placeOf = ({ project, location }: ClusterProps): string =>
  `projects/${project}/locations/${location}/clusters`;

/** A list in the provider, a map by name in the API. */
const maintenance = ({ dailyMaintenanceWindow, maintenanceExclusions = [] }: MaintenanceProps): object => ({
  window: {
    dailyMaintenanceWindow,
    maintenanceExclusions: Object.fromEntries(
      maintenanceExclusions.map(({ exclusionName, startTime, endTime, exclusionOptions }) => [
        exclusionName,
        { startTime, endTime, maintenanceExclusionOptions: exclusionOptions },
      ]),
    ),
  },
});

const request = (props: ClusterProps): object => ({
  cluster: {
    name: props.name,
    initialClusterVersion: props.minMasterVersion,
    initialNodeCount: props.initialNodeCount,
    nodeConfig: props.nodeConfig,
    network: props.network,
    subnetwork: props.subnetwork,
    ipAllocationPolicy: props.ipAllocationPolicy,
    releaseChannel: props.releaseChannel,
    workloadIdentityConfig: props.workloadIdentityConfig,
    maintenancePolicy: maintenance(props.maintenancePolicy ?? {}),
  },
});

const outputsOf = (cluster: ApiCluster): Props => ({
  name: cluster.name,
  endpoint: cluster.endpoint,
  masterVersion: cluster.currentMasterVersion,
  emulatedVersion: cluster.currentEmulatedVersion ?? "",
  masterAuth: { clusterCaCertificate: cluster.masterAuth?.clusterCaCertificate ?? "" },
  selfLink: cluster.selfLink,
});

/** What a refresh finds of the block: GKE has it while the upgrade soaks. */
const readBlock = ({ rollbackSafeUpgrade }: ApiCluster): Props =>
  rollbackSafeUpgrade === undefined ? {} : { rollbackSafeUpgrade };

const seeWhole = async (client: Client, id: string): Promise<Props> => {
  const cluster = await client.find<ApiCluster>(id);
  if (cluster === undefined) throw new Error(`cluster ${id} is gone`);
  return outputsOf(cluster);
};

const create = async (client: Client, inputs: Props): Promise<{ id: string; outs: Props }> => {
  const props = read(inputs);
  const id = `${placeOf(props)}/${props.name}`;
  mustEnd(await client.change("POST", placeOf(props), request(props)));
  if (props.removeDefaultNodePool === true)
    mustEnd(await client.change("DELETE", `${id}/nodePools/default-pool`));
  return { id, outs: { ...inputs, ...(await seeWhole(client, id)) } };
};

/**
 * Sent only where the control plane is older than what is asked for: minMasterVersion is a least version. The block of a
 * two-step upgrade goes beside it ("you first specify a soak duration ... when changing the minMasterVersion").
 */
const move = async (
  client: Client,
  id: string,
  props: { olds: ClusterProps; news: ClusterProps },
): Promise<void> => {
  const { olds, news } = props;
  const wanted = news.minMasterVersion ?? "";
  if (compareVersions(wanted, olds.masterVersion ?? "") <= 0) return;
  const { rollbackSafeUpgrade } = news;
  const firstStep =
    rollbackSafeUpgrade === undefined ? {} : { desiredRollbackSafeUpgrade: rollbackSafeUpgrade };
  mustEnd(await client.change("PUT", id, { update: { desiredMasterVersion: wanted, ...firstStep } }));
};

const COVERED = ["minMasterVersion", "rollbackSafeUpgrade", "maintenancePolicy", "deletionProtection"];

const update = async (client: Client, id: string, props: { olds: Props; news: Props }): Promise<Props> => {
  const { olds, news } = props;
  const changed = changedKeys(olds, news);
  const unknown = changed.filter(key => !COVERED.includes(key));
  if (unknown.length > 0) throw new Error(`the stand-in does not cover an update of ${unknown.join(", ")}`);
  if (changed.includes("minMasterVersion")) await move(client, id, { olds: read(olds), news: read(news) });
  if (changed.includes("maintenancePolicy")) {
    const body = { maintenancePolicy: maintenance(read(news).maintenancePolicy ?? {}) };
    mustEnd(await client.change("POST", `${id}:setMaintenancePolicy`, body));
  }
  return { ...news, ...(await seeWhole(client, id)) };
};

const remove = async (client: Client, id: string, props: Props): Promise<void> => {
  if (props["deletionProtection"] !== false)
    throw new Error(
      "Cannot destroy cluster because deletion_protection is set to true. Set it to false to proceed with cluster deletion.",
    );
  await unlessGone(() => client.change("DELETE", id));
};

/** Source of what replaces: ForceNew in hashicorp/terraform-provider-google, resource_container_cluster.go. */
export const clusterKind = (client: Client): ResourceKind => ({
  replacing: [
    ...["name", "project", "location", "network", "subnetwork", "networkingMode", "ipAllocationPolicy"],
    ...["initialNodeCount", "nodeConfig", "enableAutopilot"],
  ],
  settable: [
    ...["name", "project", "location", "minMasterVersion", "removeDefaultNodePool", "initialNodeCount"],
    ...["nodeConfig", "releaseChannel", "maintenancePolicy", "workloadIdentityConfig", "deletionProtection"],
    ...["network", "subnetwork", "networkingMode", "ipAllocationPolicy", "rollbackSafeUpgrade"],
  ],
  create: inputs => create(client, inputs),
  read: async id => {
    const cluster = await client.find<ApiCluster>(id);
    const [, project, , location] = id.split("/");
    return cluster === undefined
      ? undefined
      : { project, location, ...outputsOf(cluster), ...readBlock(cluster) };
  },
  update: (id, olds, news) => update(client, id, { olds, news }),
  remove: (id, props) => remove(client, id, props),
});

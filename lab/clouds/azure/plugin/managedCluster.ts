import type { Props, ResourceKind } from "../../plugin/kind";
import type { Client } from "./client";
import { armResource } from "./resource";

interface ClusterProps {
  readonly resourceGroupName: string;
  readonly resourceName: string;
  readonly location?: string;
  readonly identity?: { readonly type: string; readonly userAssignedIdentities?: readonly string[] };
  readonly sku?: object;
  readonly tags?: object;
}

interface ApiCluster {
  readonly location: string;
  readonly sku?: object;
  readonly identity?: { readonly type: string; readonly userAssignedIdentities?: object };
  readonly properties: Props;
}

const NAMES = ["resourceGroupName", "resourceName"];
const TOP = ["location", "identity", "sku", "tags"];

/** Inputs of the cluster's own that a program here states. */
const PROPERTIES = [
  ...["kubernetesVersion", "dnsPrefix", "supportPlan", "autoUpgradeProfile", "networkProfile"],
  ...["enableRBAC", "disableLocalAccounts", "aadProfile", "apiServerAccessProfile", "agentPoolProfiles"],
];

const read = (props: Props): ClusterProps => props as unknown as ClusterProps;

export const clusterPath = (subscription: string, inputs: Props): string => {
  const { resourceGroupName, resourceName } = read(inputs);
  return `/subscriptions/${subscription}/resourceGroups/${resourceGroupName}/providers/Microsoft.ContainerService/managedClusters/${resourceName}`;
};

/** A list in the provider, a map by id in ARM. */
const identityBody = ({ identity }: ClusterProps): object | undefined =>
  identity === undefined
    ? undefined
    : {
        type: identity.type,
        userAssignedIdentities: Object.fromEntries(
          (identity.userAssignedIdentities ?? []).map(id => [id, {}]),
        ),
      };

const body = (inputs: Props): object => {
  const { location, sku, tags } = read(inputs);
  const own = Object.entries(inputs).filter(
    ([key]) => !NAMES.includes(key) && !TOP.includes(key) && !key.startsWith("__"),
  );
  return { location, sku, tags, identity: identityBody(read(inputs)), properties: Object.fromEntries(own) };
};

/** A map by id in ARM, a list in the provider's inputs. */
const identityOf = ({ identity }: ApiCluster): object =>
  identity === undefined
    ? {}
    : {
        identity: { ...identity, userAssignedIdentities: Object.keys(identity.userAssignedIdentities ?? {}) },
      };

const outputs = (found: ApiCluster): Props => {
  const { location, sku, properties } = found;
  return { ...properties, location, sku, ...identityOf(found) };
};

const ID = /\/resourceGroups\/([^/]+)\/.*\/managedClusters\/([^/]+)/i;

export const clusterIn = (id: string): Props => {
  const [, resourceGroupName, resourceName] = ID.exec(id) ?? [];
  return { resourceGroupName, resourceName };
};

/** Source of what replaces: provider/pkg/gen/replacement.go of pulumi-azure-native, and what names the resource. */
export const clusterKind = (client: Client, subscription: string): ResourceKind =>
  armResource(client, {
    replacing: [
      ...[...NAMES, "location", "dnsPrefix", "nodeResourceGroup", "diskEncryptionSetID", "fqdnSubdomain"],
      ...["networkProfile.serviceCidr", "networkProfile.dnsServiceIP", "networkProfile.networkPlugin"],
      ...["networkProfile.networkPluginMode", "networkProfile.networkPolicy", "networkProfile.outboundType"],
    ],
    settable: [...NAMES, ...TOP, ...PROPERTIES],
    idOf: inputs => clusterPath(subscription, inputs),
    namesIn: clusterIn,
    body,
    outputs,
  });

/** The function `listManagedClusterUserCredentials`: managedClusters/listClusterUserCredential of ARM, unchanged. */
export const userCredentials =
  (client: Client, subscription: string) =>
  (args: Props): Promise<Props> => {
    const { format } = args;
    const query = typeof format === "string" ? `&format=${format}` : "";
    return client.list<Props>(`${clusterPath(subscription, args)}/listClusterUserCredential`, query);
  };

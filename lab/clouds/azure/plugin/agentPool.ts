import type { Props, ResourceKind } from "../../plugin/kind";
import type { Client } from "./client";
import { clusterIn, clusterPath } from "./managedCluster";
import { armResource } from "./resource";

const NAMES = ["resourceGroupName", "resourceName", "agentPoolName"];

const PROPERTIES = [
  ...["mode", "type", "orchestratorVersion", "osType", "osSKU", "creationData", "tags", "vmSize"],
  ...["availabilityZones", "vnetSubnetID", "podSubnetID", "enableAutoScaling", "minCount", "maxCount"],
  ...["count", "scaleDownMode", "nodeLabels", "nodeTaints", "osDiskSizeGB"],
  ...["scaleSetPriority", "scaleSetEvictionPolicy", "spotMaxPrice"],
];

const body = (inputs: Props): object => ({
  properties: Object.fromEntries(
    Object.entries(inputs).filter(([key]) => !NAMES.includes(key) && !key.startsWith("__")),
  ),
});

const outputs = ({ name, properties }: { readonly name: string; readonly properties: Props }): Props => ({
  ...properties,
  name,
});

/** Source of what replaces: provider/pkg/gen/replacement.go of pulumi-azure-native, and what names the resource. */
export const agentPoolKind = (client: Client, subscription: string): ResourceKind =>
  armResource(client, {
    replacing: [...NAMES, "vmSize", "gpuInstanceProfile", "networkProfile.nodePublicIPTags"],
    settable: [...NAMES, ...PROPERTIES],
    idOf: inputs => `${clusterPath(subscription, inputs)}/agentPools/${String(inputs["agentPoolName"])}`,
    namesIn: id => ({ ...clusterIn(id), agentPoolName: id.split("/").at(-1) }),
    body,
    outputs,
  });

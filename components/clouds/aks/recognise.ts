import type { IdOf } from "../../../core/recover/pending";

/** Pages "Import" of azure-native.containerservice in Pulumi's registry. The subscription is the provider's to know. */
export const aksIds = (subscription: string): Readonly<Record<string, IdOf>> => {
  const clusterId: IdOf = ({ resourceGroupName, resourceName }) =>
    `/subscriptions/${subscription}/resourceGroups/${resourceGroupName}/providers/Microsoft.ContainerService/managedClusters/${resourceName}`;
  return {
    "azure-native:containerservice:ManagedCluster": clusterId,
    "azure-native:containerservice:AgentPool": inputs =>
      `${clusterId(inputs) ?? ""}/agentPools/${inputs["agentPoolName"]}`,
  };
};

import type { IdOf } from "../../../core/recover/pending";

/** Pages "Import" of aws.eks.Cluster, aws.eks.NodeGroup and aws.eks.Addon in Pulumi's registry. */
export const eksIds: Readonly<Record<string, IdOf>> = {
  "aws:eks/cluster:Cluster": ({ name }) => name,
  "aws:eks/nodeGroup:NodeGroup": ({ clusterName, nodeGroupName }) => `${clusterName}:${nodeGroupName}`,
  "aws:eks/addon:Addon": ({ clusterName, addonName }) => `${clusterName}:${addonName}`,
};

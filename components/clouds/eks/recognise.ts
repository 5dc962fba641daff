import type { IdOf } from "../../../core/recover/pending";

/** Pages "Import" of aws.eks.Cluster and aws.eks.NodeGroup in Pulumi's registry. */
export const eksIds: Readonly<Record<string, IdOf>> = {
  "aws:eks/cluster:Cluster": ({ name }) => name,
  "aws:eks/nodeGroup:NodeGroup": ({ clusterName, nodeGroupName }) => `${clusterName}:${nodeGroupName}`,
};

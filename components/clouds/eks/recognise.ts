import type { IdOf } from "../../../core/recover/pending";

/** Pages "Import" of aws.eks.Cluster, NodeGroup, Addon, AccessEntry and AccessPolicyAssociation in Pulumi's registry. */
export const eksIds: Readonly<Record<string, IdOf>> = {
  "aws:eks/cluster:Cluster": ({ name }) => name,
  "aws:eks/nodeGroup:NodeGroup": ({ clusterName, nodeGroupName }) => `${clusterName}:${nodeGroupName}`,
  "aws:eks/addon:Addon": ({ clusterName, addonName }) => `${clusterName}:${addonName}`,
  "aws:eks/accessEntry:AccessEntry": ({ clusterName, principalArn }) => `${clusterName}:${principalArn}`,
  "aws:eks/accessPolicyAssociation:AccessPolicyAssociation": ({ clusterName, principalArn, policyArn }) =>
    `${clusterName}#${principalArn}#${policyArn}`,
};

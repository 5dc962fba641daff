import type { AddonArgs } from "@pulumi/aws/eks/addon";
import type { ClusterArgs } from "@pulumi/aws/eks/cluster";
import type { NodeGroupArgs } from "@pulumi/aws/eks/nodeGroup";

/*
 * What an adopted cluster, node group and add-on have from whoever made them: never changed by us. An import with another value
 * would become an update or a replacement in the same `up`. Complete by type: a property that a newer SDK brings does
 * not compile until it is listed here.
 */
/** Version, logs, support and endpoints are config's from the first `up` on. */
const CLUSTER: Readonly<
  Record<
    Exclude<keyof ClusterArgs, "version" | "enabledClusterLogTypes" | "upgradePolicy" | "vpcConfig">,
    true
  >
> = {
  accessConfig: true,
  bootstrapSelfManagedAddons: true,
  computeConfig: true,
  controlPlaneScalingConfig: true,
  defaultAddonsToRemoves: true,
  deletionProtection: true,
  encryptionConfig: true,
  forceUpdateVersion: true,
  kubeApiServerConfig: true,
  kubeControllerManagerConfig: true,
  kubeSchedulerConfig: true,
  kubernetesNetworkConfig: true,
  name: true,
  outpostConfig: true,
  region: true,
  remoteNetworkConfig: true,
  roleArn: true,
  storageConfig: true,
  tags: true,
  zonalShiftConfig: true,
};

/** The bounds are config's; another version is another generation. */
const GROUP: Readonly<Record<Exclude<keyof NodeGroupArgs, "scalingConfig">, true>> = {
  amiType: true,
  capacityType: true,
  clusterName: true,
  diskSize: true,
  forceUpdateVersion: true,
  instanceTypes: true,
  labels: true,
  launchTemplate: true,
  nodeGroupName: true,
  nodeGroupNamePrefix: true,
  nodeRepairConfig: true,
  nodeRoleArn: true,
  region: true,
  releaseVersion: true,
  remoteAccess: true,
  subnetIds: true,
  tags: true,
  taints: true,
  updateConfig: true,
  version: true,
  warmPoolConfig: true,
};

/**
 * Version, role and settings are config's: `changeover adopt` writes them as they are. Role associations stay, because
 * the provider would end those that nobody states (terraform-provider-aws, internal/service/eks/addon.go, Update).
 */
const ADD_ON: Readonly<
  Record<
    Exclude<
      keyof AddonArgs,
      | "addonVersion"
      | "serviceAccountRoleArn"
      | "configurationValues"
      | "preserve"
      | "resolveConflictsOnUpdate"
    >,
    true
  >
> = {
  addonName: true,
  clusterName: true,
  namespaceConfig: true,
  podIdentityAssociations: true,
  region: true,
  resolveConflictsOnCreate: true,
  tags: true,
};

/** No read tells them, so that an import that states them is an update: said with the first version of our own. */
export const unsaidAtRest: readonly (keyof AddonArgs)[] = ["preserve", "resolveConflictsOnUpdate"];

/** Config names the subnets of pools, too, and no security group. */
const NETWORK = ["vpcConfig.subnetIds", "vpcConfig.securityGroupIds"];

export const inheritedCluster: readonly string[] = [...Object.keys(CLUSTER), ...NETWORK];
export const inheritedGroup: readonly string[] = Object.keys(GROUP);
export const inheritedAddOn: readonly string[] = Object.keys(ADD_ON);

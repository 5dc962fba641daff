import type { ClusterArgs } from "@pulumi/aws/eks/cluster";
import type { NodeGroupArgs } from "@pulumi/aws/eks/nodeGroup";

/*
 * What an adopted cluster and node group have from whoever made them: never changed by us. An import with another value
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

/** Config names the subnets of pools, too, and no security group. */
const NETWORK = ["vpcConfig.subnetIds", "vpcConfig.securityGroupIds"];

export const inheritedCluster: readonly string[] = [...Object.keys(CLUSTER), ...NETWORK];
export const inheritedGroup: readonly string[] = Object.keys(GROUP);

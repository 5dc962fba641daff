import type { AgentPoolArgs } from "@pulumi/azure-native/containerservice/agentPool";
import type { ManagedClusterArgs } from "@pulumi/azure-native/containerservice/managedCluster";
import type { ClusterSpec } from "../../../core/config";

/*
 * What a cluster has from whoever made it, and a pool from its birth: never changed by us. The provider imports with all
 * inputs that ARM shows (pulumi-azure-native, provider.go, Read: ResponseToSdkInputs), and each update states all of
 * them again. Complete by type: a property that a newer SDK brings does not compile until it is listed here.
 */
/** Stated once config asks for another version than the adopted one; until then an import would find differences. */
const LATER = ["agentPoolProfiles", "autoUpgradeProfile", "kubernetesVersion", "sku", "supportPlan"] as const;

type Later = (typeof LATER)[number];

/** Networks, access and all else stay as AKS has them. */
const CLUSTER: Readonly<Record<Exclude<keyof ManagedClusterArgs, Later>, true>> = {
  aadProfile: true,
  addonProfiles: true,
  aiToolchainOperatorProfile: true,
  apiServerAccessProfile: true,
  autoScalerProfile: true,
  azureMonitorProfile: true,
  bootstrapProfile: true,
  disableLocalAccounts: true,
  diskEncryptionSetID: true,
  dnsPrefix: true,
  enableRBAC: true,
  extendedLocation: true,
  fqdnSubdomain: true,
  httpProxyConfig: true,
  identity: true,
  identityProfile: true,
  ingressProfile: true,
  kind: true,
  linuxProfile: true,
  location: true,
  metricsProfile: true,
  networkProfile: true,
  nodeProvisioningProfile: true,
  nodeResourceGroup: true,
  nodeResourceGroupProfile: true,
  oidcIssuerProfile: true,
  podIdentityProfile: true,
  privateLinkResources: true,
  publicNetworkAccess: true,
  resourceGroupName: true,
  resourceName: true,
  securityProfile: true,
  serviceMeshProfile: true,
  servicePrincipalProfile: true,
  storageProfile: true,
  tags: true,
  upgradeSettings: true,
  windowsProfile: true,
  workloadAutoScalerProfile: true,
};

/**
 * All of it, of made pools, too. An update of a bound alone would put the count and the taints of the day of birth back
 * (docs/adr/0017): gates change bounds.
 */
const POOL: Readonly<Record<keyof AgentPoolArgs, true>> = {
  agentPoolName: true,
  availabilityZones: true,
  capacityReservationGroupID: true,
  count: true,
  creationData: true,
  enableAutoScaling: true,
  enableEncryptionAtHost: true,
  enableFIPS: true,
  enableNodePublicIP: true,
  enableUltraSSD: true,
  gatewayProfile: true,
  gpuInstanceProfile: true,
  gpuProfile: true,
  hostGroupID: true,
  kubeletConfig: true,
  kubeletDiskType: true,
  linuxOSConfig: true,
  localDNSProfile: true,
  maxCount: true,
  maxPods: true,
  messageOfTheDay: true,
  minCount: true,
  mode: true,
  networkProfile: true,
  nodeLabels: true,
  nodePublicIPPrefixID: true,
  nodeTaints: true,
  orchestratorVersion: true,
  osDiskSizeGB: true,
  osDiskType: true,
  osSKU: true,
  osType: true,
  podIPAllocationMode: true,
  podSubnetID: true,
  powerState: true,
  proximityPlacementGroupID: true,
  resourceGroupName: true,
  resourceName: true,
  scaleDownMode: true,
  scaleSetEvictionPolicy: true,
  scaleSetPriority: true,
  securityProfile: true,
  spotMaxPrice: true,
  tags: true,
  type: true,
  upgradeSettings: true,
  virtualMachineNodesStatus: true,
  virtualMachinesProfile: true,
  vmSize: true,
  vnetSubnetID: true,
  windowsProfile: true,
  workloadRuntime: true,
};

/**
 * Until the adopted version is left nothing is stated. From then on an update names no pool: those of the day of import
 * would come back with their versions and counts.
 */
export const inheritedCluster = ({ adopt, version }: ClusterSpec): string[] =>
  adopt?.version === version ? [...Object.keys(CLUSTER), ...LATER] : Object.keys(CLUSTER);

export const fixedPool: readonly string[] = Object.keys(POOL);

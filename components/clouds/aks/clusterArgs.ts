import type { ManagedClusterArgs } from "@pulumi/azure-native/containerservice/managedCluster";
import type { ClusterSpec } from "../../../core/config";
import { BIRTH_POOL } from "./facts";

type Aks = NonNullable<ClusterSpec["aks"]>;

const TIER = { free: "Free", standard: "Standard", premium: "Premium" } as const;
const SUPPORT = { community: "KubernetesOfficial", longTerm: "AKSLongTermSupport" } as const;

const network = ({ podSubnet, serviceCidr, dnsServiceIP }: Aks): ManagedClusterArgs["networkProfile"] => ({
  networkPlugin: "azure",
  ...(podSubnet === undefined ? { networkPluginMode: "overlay" } : {}),
  loadBalancerSku: "standard",
  serviceCidr,
  dnsServiceIP,
});

/** Entra ID alone lets in: no account of the cluster's own, whose secret somebody would have to keep. */
const access = ({ adminGroups, api }: Aks): Partial<ManagedClusterArgs> => ({
  enableRBAC: true,
  disableLocalAccounts: true,
  aadProfile: { managed: true, enableAzureRBAC: true, adminGroupObjectIDs: [...adminGroups] },
  apiServerAccessProfile: {
    enablePrivateCluster: api.private,
    ...(api.authorizedRanges.length === 0 ? {} : { authorizedIPRanges: [...api.authorizedRanges] }),
  },
});

/** One that was there before has the identity it has. */
const identity = ({ identity: id }: Aks): Pick<ManagedClusterArgs, "identity"> =>
  id === undefined ? {} : { identity: { type: "UserAssigned", userAssignedIdentities: [id] } };

/** The cluster but for the pool it is born with. AKS upgrades nothing by itself: neither the version nor node images. */
export const clusterArgs = ({ name, project, region, version, aks }: ClusterSpec): ManagedClusterArgs => {
  if (aks === undefined || project === undefined || region === undefined)
    throw new Error("a cluster without its aks block passed config");
  return {
    resourceGroupName: project,
    resourceName: name,
    location: region,
    kubernetesVersion: version,
    dnsPrefix: aks.dnsPrefix ?? name,
    ...identity(aks),
    sku: { name: "Base", tier: TIER[aks.tier] },
    supportPlan: SUPPORT[aks.support],
    autoUpgradeProfile: { upgradeChannel: "none", nodeOSUpgradeChannel: "None" },
    networkProfile: network(aks),
    ...access(aks),
  };
};

/** AKS makes no cluster without a system pool. Nothing but what it runs itself may land on it, and it goes soon. */
export const birthPool = ({ aks }: ClusterSpec) => [
  {
    name: BIRTH_POOL,
    mode: "System",
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    vmSize: aks?.birthMachine ?? "",
    count: 1,
    nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"],
    ...(aks?.subnet === undefined ? {} : { vnetSubnetID: aks.subnet }),
  },
];

/** What makes another cluster (pulumi-azure-native, provider/pkg/gen/replacement.go, and what names it): never an edit. */
export const FIXED: readonly string[] = [
  ...["resourceGroupName", "resourceName", "location", "dnsPrefix", "nodeResourceGroup", "networkProfile"],
  "apiServerAccessProfile.enablePrivateCluster",
];

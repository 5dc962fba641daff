/*
 * What is read of AKS (learn.microsoft.com/rest/api/aks/managed-clusters and …/agent-pools) where nothing is stated
 * again; names as there.
 */

/** A cluster that may be taken over. */
export interface AksCluster {
  readonly location?: string;
  readonly sku?: { readonly name?: string; readonly tier?: string };
  readonly identity?: {
    readonly type?: string;
    readonly userAssignedIdentities?: Readonly<Record<string, unknown>>;
  };
  readonly properties?: {
    readonly provisioningState?: string;
    readonly powerState?: { readonly code?: string };
    readonly kubernetesVersion?: string;
    readonly currentKubernetesVersion?: string;
    readonly dnsPrefix?: string;
    readonly supportPlan?: string;
    readonly autoUpgradeProfile?: {
      readonly upgradeChannel?: string;
      readonly nodeOSUpgradeChannel?: string;
    };
    readonly servicePrincipalProfile?: { readonly clientId?: string };
    readonly aadProfile?: { readonly adminGroupObjectIDs?: readonly string[] | null };
    readonly apiServerAccessProfile?: {
      readonly enablePrivateCluster?: boolean;
      readonly authorizedIPRanges?: readonly string[] | null;
    } | null;
    readonly networkProfile?: AksNetwork;
  };
}

export interface AksNetwork {
  readonly networkPlugin?: string;
  readonly networkPluginMode?: string;
  readonly serviceCidr?: string;
  readonly dnsServiceIP?: string;
}

/** And of its pools. */
export interface AksPool {
  readonly name?: string;
  readonly properties?: AksPoolProperties;
}

export interface AksPoolProperties {
  readonly provisioningState?: string;
  readonly powerState?: { readonly code?: string };
  readonly mode?: string;
  readonly type?: string;
  readonly vmSize?: string;
  readonly osType?: string;
  readonly osDiskSizeGB?: number;
  readonly count?: number;
  readonly enableAutoScaling?: boolean | null;
  readonly minCount?: number | null;
  readonly maxCount?: number | null;
  readonly maxPods?: number;
  readonly currentOrchestratorVersion?: string;
  readonly nodeImageVersion?: string;
  readonly creationData?: { readonly sourceResourceId?: string } | null;
  readonly availabilityZones?: readonly string[] | null;
  readonly vnetSubnetID?: string | null;
  readonly podSubnetID?: string | null;
  readonly nodeLabels?: Readonly<Record<string, string>> | null;
  readonly nodeTaints?: readonly string[] | null;
  readonly scaleSetPriority?: string | null;
  readonly scaleSetEvictionPolicy?: string | null;
  readonly spotMaxPrice?: number | null;
  readonly [other: string]: unknown;
}

/** What is read of a cluster that may be taken over: REST resource projects.locations.clusters. */
export interface GkeCluster {
  readonly name?: string;
  readonly location?: string;
  readonly status?: string;
  readonly currentMasterVersion?: string;
  /** The minor that newer binaries serve, "1.35"; absent or empty = their own. */
  readonly currentEmulatedVersion?: string;
  readonly network?: string;
  readonly subnetwork?: string;
  readonly ipAllocationPolicy?: {
    readonly clusterSecondaryRangeName?: string;
    readonly servicesSecondaryRangeName?: string;
    readonly clusterIpv4CidrBlock?: string;
    /** Blocks that nodes hold as a share of all: numNodes × podIPsPerNode / addresses of the range. */
    readonly defaultPodIpv4RangeUtilization?: number;
  };
  /** As int64 in JSON is text. */
  readonly defaultMaxPodsConstraint?: { readonly maxPodsPerNode?: string };
  /** "projects/p/regions/r/subnetworks/s", also where the network is another project's. */
  readonly networkConfig?: { readonly subnetwork?: string; readonly defaultEnablePrivateNodes?: boolean };
  readonly privateClusterConfig?: { readonly enablePrivateNodes?: boolean };
  readonly currentNodeCount?: number;
  readonly maintenancePolicy?: { readonly window?: { readonly maintenanceExclusions?: GkeExclusions } };
  readonly autopilot?: { readonly enabled?: boolean };
  readonly autoscaling?: { readonly enableNodeAutoprovisioning?: boolean };
  readonly releaseChannel?: { readonly channel?: string };
  readonly nodePools?: readonly GkePool[];
}

/** By name. */
type GkeExclusions = Readonly<Record<string, { readonly startTime?: string; readonly endTime?: string }>>;

/** And of its pools: projects.locations.clusters.nodePools. */
export interface GkePool {
  readonly name?: string;
  readonly status?: string;
  readonly version?: string;
  readonly locations?: readonly string[];
  readonly initialNodeCount?: number;
  readonly autoscaling?: {
    readonly enabled?: boolean;
    readonly minNodeCount?: number;
    readonly maxNodeCount?: number;
    readonly totalMinNodeCount?: number;
    readonly totalMaxNodeCount?: number;
  };
  readonly instanceGroupUrls?: readonly string[];
  readonly management?: { readonly autoUpgrade?: boolean };
  readonly config?: GkeNodeConfig;
  readonly statusMessage?: string;
  /** Why it is in that status. `code` is deprecated in favour of `canonicalCode`, and says more. */
  readonly conditions?: readonly {
    readonly code?: string;
    readonly canonicalCode?: string;
    readonly message?: string;
  }[];
}

export interface GkeNodeConfig {
  readonly machineType?: string;
  readonly imageType?: string;
  readonly diskSizeGb?: number;
  readonly serviceAccount?: string;
  readonly spot?: boolean;
  readonly preemptible?: boolean;
  readonly localSsdCount?: number;
  readonly tags?: readonly string[];
  readonly accelerators?: readonly unknown[];
  readonly labels?: Readonly<Record<string, string>>;
  readonly taints?: readonly { readonly key: string; readonly value?: string; readonly effect: string }[];
}

import { machineTypeOf, totalSize } from "./machines";
import type { GcpState, PoolRecord } from "./state";

/** Some of Google Cloud's. */
export const REGIONS: readonly string[] = [
  ...["europe-west1", "europe-west2", "europe-west3", "europe-west9"],
  ...["us-central1", "us-east1"],
];

/** What belongs to the project and not to a cluster; tests set it to what they need. */
export interface Account {
  /** Quota metric → limit; one that is not named here has room for everything. */
  readonly limits: Record<string, number>;
  /** Permissions that the one identity lacks, on the project. */
  readonly denied: Set<string>;
  /** Those it has on its service account though not on the project. */
  readonly onServiceAccount: Set<string>;
  /** Machine types that a zone, by its letter, does not have. */
  readonly notInZone: Record<string, readonly string[]>;
  /** Seconds that an access token still lasts. */
  tokenLasts: number;
  /** Addresses of the subnetwork's range, and of the range of pods. */
  nodeRange: string;
  podRange: string;
}

/** Room for all that programs here ask for. A token of Google's lasts twelve hours at most. */
export const openAccount = (): Account => ({
  limits: {},
  denied: new Set(),
  onServiceAccount: new Set(),
  notInZone: {},
  tokenLasts: 12 * 3_600,
  nodeRange: "10.132.0.0/20",
  podRange: "10.0.0.0/14",
});

const PLENTY = 10_000;
const DISK_GB = 100;

/** A node of 110 pods takes a /24 for them: docs.cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr. */
const PODS_BLOCK = 256;

const nodesOf = (pools: readonly PoolRecord[]): number =>
  pools.reduce((sum, pool) => sum + totalSize(pool), 0);

const cpusOf = (pools: readonly PoolRecord[], series: RegExp): number =>
  pools
    .filter(({ config }) => series.test(config.machineType ?? ""))
    .reduce(
      (sum, pool) => sum + totalSize(pool) * Number(machineTypeOf(pool.config.machineType ?? "")?.cpu ?? 0),
      0,
    );

/** The pool a cluster is born with has no machines here, so it uses nothing. */
const madeIn = ({ pools }: GcpState): readonly PoolRecord[] =>
  Object.values(pools).filter(({ name }) => name !== "default-pool");

/**
 * REST type Quota. N2 has a quota of its own, E2 shares CPUS; a balanced disk counts as SSD:
 * docs.cloud.google.com/compute/resource-usage.
 */
export const quotasOf = (state: GcpState, { limits }: Account): readonly object[] => {
  const pools = madeIn(state);
  const nodes = nodesOf(pools);
  const usage = {
    CPUS: cpusOf(pools, /^e2-/),
    N2_CPUS: cpusOf(pools, /^n2-/),
    INSTANCES: nodes,
    IN_USE_ADDRESSES: nodes,
    SSD_TOTAL_GB: nodes * DISK_GB,
  };
  return Object.entries(usage).map(([metric, used]) => ({
    ...{ metric, usage: used },
    limit: limits[metric] ?? PLENTY,
  }));
};

export const projectQuotas = (state: GcpState, { limits }: Account): readonly object[] => [
  {
    metric: "CPUS_ALL_REGIONS",
    limit: limits["CPUS_ALL_REGIONS"] ?? PLENTY,
    usage: cpusOf(madeIn(state), /./),
  },
];

/** What GKE says of a cluster's addresses and nodes beside what was asked for. */
export const addressesOf = (state: GcpState, account: Account, cluster: string): object => {
  const nodes = nodesOf(madeIn(state).filter(pool => pool.cluster === cluster));
  const all = 2 ** (32 - Number(account.podRange.split("/")[1]));
  return {
    currentNodeCount: nodes,
    defaultMaxPodsConstraint: { maxPodsPerNode: "110" },
    ipAllocationPolicy: {
      clusterIpv4CidrBlock: account.podRange,
      defaultPodIpv4RangeUtilization: (nodes * PODS_BLOCK) / all,
    },
  };
};

import type { Problem } from "../../../../../core/problem";
import type { WantedAtCloud } from "../../../../../operations/ports";
import type { Findings } from "../../../shared/live/sideBySide";
import { BASE } from "../client";
import type { GkeCluster } from "../found";
import { bornNodes } from "./machines";
import { look, type Question } from "./question";

const PODS_URL = "https://docs.cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr";
const SUBNETS_URL = "https://docs.cloud.google.com/vpc/docs/subnets#unusable-ip-addresses-in-every-subnet";

/** Two at each end of a primary range are never a machine's. */
const RESERVED = 4;
const DEFAULT_PODS = 110;

const sizeOf = (range: string): number => 2 ** (32 - Number(range.split("/")[1] ?? "32"));

/** Each node gets a block of at least twice as many addresses as it may have pods: 110 pods are a /24. */
const blockOf = (maxPods: number): number => 2 ** Math.ceil(Math.log2(Math.max(8, maxPods) * 2));

/** The subnetwork's own range, wherever its project. */
export const readNodeRange = async (question: Question, cluster: GkeCluster): Promise<string | undefined> => {
  const path = cluster.networkConfig?.subnetwork;
  if (path === undefined) return undefined;
  const found = await look<{ readonly ipCidrRange?: string }>(
    question,
    { permission: "compute.subnetworks.get", on: path },
    { url: `${BASE.compute()}${path}` },
  );
  return found.ipCidrRange;
};

/**
 * Pods: blocks of the nodes to come against what GKE says is left of the cluster's pod range. Nodes: theirs and the
 * cluster's present ones against the subnetwork's whole range; whatever else has an address there is not known.
 */
export const judgeAddresses = (
  { toCome }: WantedAtCloud,
  cluster: GkeCluster,
  nodeRange: string | undefined,
): Findings => {
  const nodes = toCome.reduce((sum, coming) => sum + bornNodes(coming), 0);
  if (nodes === 0) return { blockers: [], warnings: [] };
  const pods = checkPods(cluster, nodes);
  return {
    blockers: [...pods.blockers, ...checkNodes(cluster, nodes, nodeRange)],
    warnings: pods.warnings,
  };
};

const checkPods = (
  { ipAllocationPolicy = {}, defaultMaxPodsConstraint }: GkeCluster,
  nodes: number,
): Findings => {
  const { clusterIpv4CidrBlock: range, defaultPodIpv4RangeUtilization: used } = ipAllocationPolicy;
  if (range === undefined || used === undefined) return { blockers: [], warnings: [notCounted()] };
  const block = blockOf(Number(defaultMaxPodsConstraint?.maxPodsPerNode ?? DEFAULT_PODS));
  const free = Math.floor((sizeOf(range) * (1 - used)) / block);
  return { blockers: nodes <= free ? [] : [podsFull({ range, block, free, nodes })], warnings: [] };
};

const podsFull = (found: {
  readonly range: string;
  readonly block: number;
  readonly free: number;
  readonly nodes: number;
}): Problem => ({
  code: "Gke.PodRangeFull",
  path: "cluster.gke.podRange",
  message: `${found.nodes} nodes are to come and each takes ${found.block} addresses for its pods; the range ${found.range} has room for ${found.free}`,
  fix: "add a pod range to the cluster (gcloud container clusters update --additional-pod-ipv4-ranges), or let fewer machines exist at once by strategy.poolSurge",
  source: PODS_URL,
});

const notCounted = (): Problem => ({
  code: "Gke.PodRangeNotCounted",
  path: "cluster.gke.podRange",
  message:
    "GKE does not say how much of the cluster's pod range is in use, so room for more nodes is not known",
  fix: "look at the cluster's networking in the console",
  source: PODS_URL,
});

const checkNodes = (
  { currentNodeCount = 0 }: GkeCluster,
  nodes: number,
  range: string | undefined,
): readonly Problem[] => {
  const usable = range === undefined ? Infinity : sizeOf(range) - RESERVED;
  if (nodes + currentNodeCount <= usable) return [];
  return [
    {
      code: "Gke.SubnetFull",
      path: "cluster.gke.subnetwork",
      message: `${nodes} nodes are to come beside ${currentNodeCount}; the subnetwork's range ${range ?? ""} has ${usable} addresses`,
      fix: "widen it (gcloud compute networks subnets expand-ip-range), or let fewer machines exist at once by strategy.poolSurge",
      source: SUBNETS_URL,
    },
  ];
};

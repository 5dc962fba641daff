import { architectureOf } from "./architecture";
import type { ClusterSpec } from "./cluster";
import type { PoolSpec } from "./pools";

/** What a cloud writes on a pool's nodes because of what config says of it. */
interface CloudWritten {
  /** undefined = its nodes have no such label. */
  readonly labels: Readonly<Record<string, string | undefined>>;
  readonly taints: PoolSpec["taints"];
}

type Machines = Pick<PoolSpec, "machine" | "capacity" | "karpenter">;
type Cloud = ClusterSpec["cloud"];

const NOTHING: CloudWritten = { labels: {}, taints: [] };

/** AKS puts it on spot machines whether asked or not. */
export const AKS_SPOT_TAINT = {
  key: "kubernetes.azure.com/scalesetpriority",
  value: "spot",
  effect: "NoSchedule",
} as const;

/**
 * eks: https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html, karpenter:
 * https://karpenter.sh/docs/concepts/nodepools/, gke: https://docs.cloud.google.com/kubernetes-engine/docs/concepts/spot-vms,
 * aks: https://learn.microsoft.com/azure/aks/spot-node-pool
 */
const CAPACITY: Readonly<Partial<Record<Cloud, (spot: boolean, machines: Machines) => CloudWritten>>> = {
  eks: (spot, { karpenter }) => ({
    ...NOTHING,
    labels:
      karpenter === undefined
        ? { "eks.amazonaws.com/capacityType": spot ? "SPOT" : "ON_DEMAND" }
        : { "karpenter.sh/capacity-type": spot ? "spot" : "on-demand" },
  }),
  gke: spot => ({
    ...NOTHING,
    labels: {
      "cloud.google.com/gke-spot": spot ? "true" : undefined,
      "cloud.google.com/gke-provisioning": spot ? "spot" : "standard",
    },
  }),
  aks: spot => ({
    labels: { [AKS_SPOT_TAINT.key]: spot ? AKS_SPOT_TAINT.value : undefined },
    taints: spot ? [AKS_SPOT_TAINT] : [],
  }),
};

export const cloudWrites = (cloud: Cloud, machines: Machines): CloudWritten => {
  const { labels, taints } = CAPACITY[cloud]?.(machines.capacity === "spot", machines) ?? NOTHING;
  const architecture = architectureOf(cloud, machines.machine);
  if (architecture === undefined) return { labels, taints };
  return {
    labels: { ...labels, "kubernetes.io/arch": architecture, "beta.kubernetes.io/arch": architecture },
    taints,
  };
};

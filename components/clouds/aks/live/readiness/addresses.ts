import type { Problem } from "../../../../../core/problem";
import type { WantedAtCloud } from "../../../../../operations/ports";
import type { Findings } from "../../../shared/live/sideBySide";
import { type AksCluster, list, type Question } from "./question";

const PODS_URL = "https://learn.microsoft.com/azure/aks/configure-azure-cni-dynamic-ip-allocation";
const OVERLAY_URL = "https://learn.microsoft.com/azure/aks/concepts-network-azure-cni-overlay";

/** With a subnet of their own for pods, nodes take addresses there in batches. */
const BATCH = 16;
/** In an overlay each node takes a /24 of the cluster's pod CIDR. */
const OVERLAY_PREFIX = 24;

/** REST type VirtualNetworkUsage: one for each subnet; -1 where Azure does not count. */
export interface SubnetUsage {
  readonly id?: string;
  readonly currentValue?: number;
  readonly limit?: number;
}

const NETWORK = /^(.+)\/subnets\/[^/]+$/i;

const subnetsOf = ({ cluster: { aks } }: WantedAtCloud): readonly string[] =>
  [aks?.subnet, aks?.podSubnet].flatMap(id => id ?? []);

/** Of all networks that config names a subnet in, which may be another group's. */
export const readSubnets = async (question: Question): Promise<readonly SubnetUsage[]> => {
  const networks = new Set(subnetsOf(question.wanted).map(id => NETWORK.exec(id)?.[1] ?? id));
  const found = await Promise.all(
    [...networks].map(network =>
      list<SubnetUsage>(
        question,
        { action: "Microsoft.Network/virtualNetworks/usages/read", on: network },
        { path: `${network}/usages`, apiVersion: "2024-05-01" },
      ),
    ),
  );
  return found.flat();
};

/**
 * A node takes one address of the nodes' subnet, and sixteen of the pods' where there is one; else a /24 of the overlay.
 * A pool is never upgraded in place here, so AKS's own surge takes none.
 */
export const judgeAddresses = (
  wanted: WantedAtCloud,
  usages: readonly SubnetUsage[],
  cluster: AksCluster | undefined,
): Findings => {
  const coming = wanted.toCome.reduce((sum, { count }) => sum + count, 0);
  const nodes = coming + (wanted.live === undefined ? 1 : 0);
  const { subnet = "", podSubnet } = wanted.cluster.aks ?? {};
  const needs = [
    { path: "cluster.aks.subnet", id: subnet, each: 1 },
    ...(podSubnet === undefined ? [] : [{ path: "cluster.aks.podSubnet", id: podSubnet, each: BATCH }]),
  ];
  if (coming === 0) return { blockers: [], warnings: [] };
  const found = needs.map(need => ({ ...need, nodes, usage: usages.find(one => isSame(one.id, need.id)) }));
  return {
    blockers: [...found.flatMap(checkSubnet), ...checkOverlay(cluster, coming)],
    warnings: found.filter(({ usage }) => !isCounted(usage)).map(({ path, id }) => notCounted(path, id)),
  };
};

/** Azure's ids are the same in any case of letters. */
const isSame = (a = "", b: string): boolean => a.toLowerCase() === b.toLowerCase();

const isCounted = (usage: SubnetUsage | undefined): boolean => (usage?.limit ?? -1) >= 0;

interface SubnetNeed {
  readonly path: string;
  readonly id: string;
  readonly each: number;
  readonly nodes: number;
  readonly usage: SubnetUsage | undefined;
}

const freeIn = (usage: SubnetUsage | undefined): number => {
  const { limit = -1, currentValue = 0 } = usage ?? {};
  return limit < 0 ? Infinity : Math.max(0, limit - currentValue);
};

const nameOf = (id: string): string => id.split("/").at(-1) ?? id;

const checkSubnet = ({ path, id, each, nodes, usage }: SubnetNeed): readonly Problem[] => {
  const free = freeIn(usage);
  if (nodes * each <= free) return [];
  return [
    {
      code: "Aks.SubnetFull",
      path,
      message: `${nodes} nodes are to come and each takes at least ${each} of subnet ${nameOf(id)}; ${free} of ${usage?.limit ?? 0} addresses are free`,
      fix: "name a larger subnet (it counts for generations made after it), or let fewer machines exist at once by strategy.poolSurge",
      source: PODS_URL,
    },
  ];
};

const notCounted = (path: string, id: string): Problem => ({
  code: "Aks.SubnetNotCounted",
  path,
  message: `Azure does not say how many addresses of ${nameOf(id)} are in use, so room for more nodes is not known`,
  fix: "look at the subnet's free addresses in the Azure portal",
});

interface Overlay {
  readonly range: string;
  readonly there: number;
}

/** `undefined` = its pods have addresses of a subnet. */
const overlayOf = ({ properties = {} }: AksCluster): Overlay | undefined => {
  const { networkProfile, agentPoolProfiles = [] } = properties;
  const range = networkProfile?.networkPluginMode === "overlay" ? networkProfile.podCidr : undefined;
  if (range === undefined) return undefined;
  return { range, there: agentPoolProfiles.reduce((sum, { count = 0 }) => sum + count, 0) };
};

const checkOverlay = (cluster: AksCluster | undefined, coming: number): readonly Problem[] => {
  const overlay = overlayOf(cluster ?? {});
  if (overlay === undefined) return [];
  const { range, there } = overlay;
  const room = 2 ** (OVERLAY_PREFIX - Number(range.split("/")[1] ?? "0"));
  if (there + coming <= room) return [];
  return [
    {
      code: "Aks.PodCidrFull",
      path: "cluster.name",
      message: `${coming} nodes are to come beside ${there}, each with a /${OVERLAY_PREFIX} for its pods; the pod CIDR ${range} has room for ${room}`,
      fix: "widen it (az aks update --pod-cidr), or let fewer machines exist at once by strategy.poolSurge",
      source: OVERLAY_URL,
    },
  ];
};

import type { Problem } from "../problem";
import { parseKubeVersion } from "../version/kubeVersion";
import type { ClusterSpec } from "./cluster";
import { blockOf, type PoolEntry, type PoolSpec } from "./pools";

/** "AKSUbuntu-2204gen2containerd-202610.20.0": family, flavour, then the day it was built. */
const IMAGE = /^AKS([A-Za-z]+)-([A-Za-z0-9]+(?:-[A-Za-z0-9]+)*)-(\d{6}\.\d{2}\.\d+)$/;

const RELEASES_URL = "https://github.com/Azure/AKS/releases";
const SNAPSHOT_URL = "https://learn.microsoft.com/azure/aks/node-pool-snapshot";
const VERSIONS_URL = "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions";
const SYSTEM_URL = "https://learn.microsoft.com/azure/aks/use-system-pools";
const ZONES_URL = "https://learn.microsoft.com/azure/aks/availability-zones-overview";

const ZONES: readonly string[] = ["1", "2", "3"];

/** What AKS calls the systems whose images can be asked for (API 2025-09-01, `osSKU`). */
const SYSTEMS = [
  { image: /^AKSUbuntu-2204/, osSKU: "Ubuntu2204" },
  { image: /^AKSUbuntu-/, osSKU: "Ubuntu" },
  { image: /^AKSAzureLinux-V3/, osSKU: "AzureLinux3" },
] as const;

type OsSku = (typeof SYSTEMS)[number]["osSKU"];

/** @returns the operating system as AKS names it; `undefined` where the text is no node image that a pool can have. */
export const osSkuOf = (image: string): OsSku | undefined =>
  IMAGE.test(image) ? SYSTEMS.find(system => system.image.test(image))?.osSKU : undefined;

/** Family and flavour of an image, which its pool keeps; only the day it was built moves on. */
export const flavourOf = (image: string): string | undefined =>
  IMAGE.test(image) ? image.slice(0, image.lastIndexOf("-")) : undefined;

/** Rules of AKS between a pool, its version, image and zones. `version` is what the pool will run. */
export const checkAksPool = (
  cluster: ClusterSpec,
  pool: { readonly name: string; readonly version: string },
  entry: PoolEntry,
): readonly Problem[] => [
  ...checkPatch(pool),
  ...checkImage(pool.name, entry.image),
  ...checkZones(pool.name, entry.zones),
  ...checkSystem(cluster, pool.name, entry),
];

/** The image says nothing of the kubelet on AKS: only an exact version means the same machines tomorrow. */
const checkPatch = ({ name, version }: { readonly name: string; readonly version: string }): Problem[] => {
  const read = parseKubeVersion(version);
  return !read.ok || read.value.patch !== undefined
    ? []
    : [
        {
          code: "Aks.PatchNeeded",
          path: `pools.${name}.version`,
          message: `found "${version}"; AKS would choose the newest patch of the day for nodes`,
          fix: "write the patch, such as 1.36.4, in cluster.version or here",
          source: VERSIONS_URL,
        },
      ];
};

const checkImage = (pool: string, image: string | undefined): Problem[] => {
  if (image === undefined || osSkuOf(image) !== undefined) return [];
  const windows = image.startsWith("AKSWindows");
  return [
    {
      code: "Aks.Image",
      path: `pools.${pool}.image`,
      message: windows
        ? `found "${image}"; Windows nodes can't take the pods of a Linux pool, and draining them is not proven`
        : `found "${image}"; an image is an exact node image version of Ubuntu or Azure Linux 3, such as AKSUbuntu-2204gen2containerd-202610.20.0`,
      fix: windows
        ? "take a Linux image"
        : "take it from `az aks nodepool get-upgrades`, or from the release notes",
      source: windows ? SNAPSHOT_URL : RELEASES_URL,
    },
  ];
};

const checkZones = (pool: string, zones: readonly string[]): Problem[] =>
  zones
    .filter(zone => !ZONES.includes(zone))
    .map(zone => ({
      code: "Aks.Zone",
      path: `pools.${pool}.zones`,
      message: `found "${zone}"; zones of a region are called ${ZONES.join(", ")}`,
      fix: 'write numbers in quotes, such as ["1", "2"]',
      source: ZONES_URL,
    }));

const checkSystem = (
  cluster: ClusterSpec,
  pool: string,
  { size, remove, capacity }: PoolEntry,
): Problem[] => {
  if (cluster.aks?.systemPools.includes(pool) !== true) return [];
  const path = `pools.${pool}`;
  const small: Problem = {
    code: "Aks.SystemPoolEmpty",
    path: `${path}.size`,
    message: `found min ${size.min}; a system pool has at least one node`,
    fix: "set min to 1 or more, or take the pool out of cluster.aks.systemPools",
    source: SYSTEM_URL,
  };
  const last: Problem = {
    code: "Aks.LastSystemPool",
    path: `${path}.remove`,
    message: "found true; it is the only pool in cluster.aks.systemPools, and AKS keeps its last system pool",
    fix: "make another system pool first",
    source: SYSTEM_URL,
  };
  const spot: Problem = {
    code: "Aks.SpotSystemPool",
    path: `${path}.capacity`,
    message: 'found "spot"; a system pool is on demand: what AKS itself runs there may not be taken away',
    fix: "take the pool out of cluster.aks.systemPools, or remove capacity",
    source: "https://learn.microsoft.com/azure/aks/spot-node-pool",
  };
  const only = cluster.aks.systemPools.length === 1;
  return [
    ...(size.min < 1 ? [small] : []),
    ...(remove && only ? [last] : []),
    ...(capacity === "spot" ? [spot] : []),
  ];
};

/** Every name under `systemPools` is a block of pools; else the cluster would have no system pool. */
export const checkSystemPools = (
  { aks }: Pick<ClusterSpec, "aks">,
  pools: readonly Pick<PoolSpec, "name" | "block">[],
): readonly Problem[] => {
  const known = [...new Set(pools.map(blockOf))];
  return (aks?.systemPools ?? [])
    .filter(found => !known.includes(found))
    .map(found => ({
      code: "Aks.UnknownSystemPool",
      path: "cluster.aks.systemPools",
      message: `found "${found}"; pools are ${known.join(", ")}`,
      fix: `add pools.${found}, or name one that is there`,
      source: SYSTEM_URL,
    }));
};

/** The pools themselves, where `systemPools` names a block that stands for one a zone. */
export const withSystemPools = (cluster: ClusterSpec, pools: readonly PoolSpec[]): ClusterSpec => {
  const { aks } = cluster;
  if (aks === undefined) return cluster;
  const systemPools = aks.systemPools.flatMap(listed =>
    pools.filter(pool => blockOf(pool) === listed).map(({ name }) => name),
  );
  return { ...cluster, aks: { ...aks, systemPools } };
};

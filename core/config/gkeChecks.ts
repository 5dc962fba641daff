import type { Problem } from "../problem";
import { compareMinor, formatVersion, type KubeVersion, parseKubeVersion } from "../version/kubeVersion";
import type { ClusterSpec } from "./cluster";
import type { PoolEntry } from "./pools";

/** "1.36.4-gke.1234000", or with the image type before it: "UBUNTU_CONTAINERD/1.36.4-gke.1234000". */
const IMAGE = /^(?:([A-Z][A-Z0-9_]*)\/)?(\S+)$/;
const NODE_VERSION = /^(\d+\.\d+\.\d+)-gke\.\d+$/;
const ZONE_LETTER = /^[a-z]$/;

const RELEASES_URL = "https://docs.cloud.google.com/kubernetes-engine/docs/release-notes";
const SIZE_URL =
  "https://docs.cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools";

export interface GkeImage {
  /** Image type as GKE names it; absent = Container-Optimized OS. */
  readonly family?: string;
  /** GKE's node version: the kubelet, and the build of the image with it. */
  readonly version: string;
}

export const parseGkeImage = (image: string): GkeImage => {
  const [, family, version = image] = IMAGE.exec(image) ?? [];
  return family === undefined ? { version } : { family, version };
};

/** "b" in europe-west1 is europe-west1-b; a whole name stays. */
export const gkeZone = (region: string, zone: string): string =>
  ZONE_LETTER.test(zone) ? `${region}-${zone}` : zone;

/** Rules of GKE between a pool, its node version and the zones it lies in. `version` is what the pool will run. */
export const checkGkePool = (
  cluster: ClusterSpec,
  pool: { readonly name: string; readonly version: string },
  entry: PoolEntry,
): readonly Problem[] => {
  const wanted = parseKubeVersion(pool.version);
  return [
    ...(wanted.ok ? checkImage(pool.name, wanted.value, entry.image) : []),
    ...checkZones(pool.name, cluster.region ?? "", entry),
    ...checkSize(pool.name, entry),
  ];
};

const checkImage = (pool: string, wanted: KubeVersion, image: string | undefined): readonly Problem[] => {
  if (image === undefined) return [];
  return image.startsWith("WINDOWS") ? [windows(pool, image)] : checkNodeVersion(pool, wanted, image);
};

const checkNodeVersion = (pool: string, wanted: KubeVersion, image: string): readonly Problem[] => {
  const [, text = ""] = NODE_VERSION.exec(parseGkeImage(image).version) ?? [];
  const made = parseKubeVersion(text);
  if (!made.ok) return [badImage(pool, image)];
  const sameMinor = compareMinor(made.value, wanted) === 0;
  const samePatch = wanted.patch === undefined || wanted.patch === made.value.patch;
  return sameMinor && samePatch ? [] : [otherVersion(pool, image, formatVersion(wanted))];
};

const windows = (pool: string, found: string): Problem => ({
  code: "Gke.Windows",
  path: `pools.${pool}.image`,
  message: `found "${found}"; Windows nodes can't take the pods of a Linux pool, and draining them is not proven`,
  fix: "take a Linux image, and keep Windows nodes in a node pool of your own",
  source: "https://docs.cloud.google.com/kubernetes-engine/docs/concepts/windows-server-gke",
});

const badImage = (pool: string, found: string): Problem => ({
  code: "Gke.Image",
  path: `pools.${pool}.image`,
  message: `found "${found}"; an image is an exact node version of GKE, such as 1.36.4-gke.1234000, or TYPE/VERSION for another image type`,
  fix: "take a version from `gcloud container get-server-config`",
  source: RELEASES_URL,
});

const otherVersion = (pool: string, found: string, wanted: string): Problem => ({
  code: "Gke.ImageOfOtherVersion",
  path: `pools.${pool}.image`,
  message: `found "${found}" while the pool runs ${wanted}; the node version says what its kubelet is`,
  fix: `choose a node version of ${wanted}, or set pools.${pool}.version to the image's`,
  source: RELEASES_URL,
});

const checkZones = (pool: string, region: string, { zones, perZone }: PoolEntry): readonly Problem[] =>
  zones.length === 0
    ? perZone
      ? []
      : [noZones(pool)]
    : zones
        .filter(zone => !gkeZone(region, zone).startsWith(`${region}-`))
        .map(zone => ({
          code: "Gke.ZoneOfOtherRegion",
          path: `pools.${pool}.zones`,
          message: `found "${zone}", which does not lie in ${region}`,
          fix: `write the letter of a zone of ${region}, such as "b"`,
        }));

const noZones = (pool: string): Problem => ({
  code: "Config.Missing",
  path: `pools.${pool}.zones`,
  message:
    "missing; GKE makes as many nodes in each zone, so how many there are can't be known without the zones",
  fix: "write the letters of the zones, such as [b, c]",
  source: SIZE_URL,
});

/** GKE makes the same number in each zone: the least size, rounded up, must still fit. One zone's pool has one zone. */
const checkSize = (pool: string, { size, zones, perZone }: PoolEntry): readonly Problem[] => {
  const count = perZone ? 1 : new Set(zones).size;
  const born = Math.ceil(size.min / Math.max(1, count)) * count;
  return born <= size.max
    ? []
    : [
        {
          code: "Gke.SizePerZone",
          path: `pools.${pool}.size`,
          message: `found min ${size.min} and max ${size.max} over ${count} zones; GKE makes as many nodes in each zone, so at least ${born} are born`,
          fix: `raise max to ${born}, or take fewer zones`,
          source: SIZE_URL,
        },
      ];
};

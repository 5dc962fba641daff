import type { Problem } from "../problem";
import { formatVersion, matchesVersion, parseKubeVersion } from "../version/kubeVersion";
import type { ClusterSpec } from "./cluster";
import type { PoolEntry, PoolSpec } from "./pools";
import type { ValidationSpec } from "./validation";

type Pool = { readonly name: string; readonly version: string };

/** "1.36.4-1.1": version and revision of the packages at pkgs.k8s.io. */
const PACKAGE = /^(\d+\.\d+\.\d+)-[\w.+~]+$/;
const PACKAGES_URL = "https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/change-package-repository/";
const LABELS_URL =
  "https://kubernetes.io/docs/reference/access-authn-authz/admission-controllers/#noderestriction";

/** Rules between a pool of listed machines, its packages and its bounds. `version` is what the pool will run. */
export const checkKubeadmPool = (_cluster: ClusterSpec, pool: Pool, entry: PoolEntry): readonly Problem[] => [
  ...checkMachines(pool, entry),
  ...checkPackage(pool, entry.image),
  ...checkLabels(pool, entry),
  ...checkWaves(pool, entry),
  ...(["machine", "zones", "perZone"] as const).flatMap(key =>
    isSaid(entry[key]) ? [noUse(`pools.${pool.name}.${key}`)] : [],
  ),
];

const isSaid = (value: string | readonly string[] | boolean | undefined): boolean =>
  typeof value === "object" ? value.length > 0 : Boolean(value);

const noUse = (path: string): Problem => ({
  code: "Config.NotAllowed",
  path,
  message: 'found on cloud "kubeadm", whose machines are listed as they are',
  fix: `remove ${path}`,
});

const checkMachines = ({ name }: Pool, { hosts, size }: PoolEntry): readonly Problem[] => {
  if (hosts === undefined) return [noHosts(name)];
  const count = Object.keys(hosts).length;
  return size.min === count && size.max === count ? [] : [otherSize(name, count, size)];
};

const noHosts = (pool: string): Problem => ({
  code: "Config.Missing",
  path: `pools.${pool}.hosts`,
  message: "missing; kubeadm makes no machines, so a pool lists its own",
  fix: "write node name → ssh address, such as `hosts: {w1: 10.0.0.21, w2: 10.0.0.22}`",
});

const otherSize = (pool: string, count: number, { min, max }: PoolEntry["size"]): Problem => ({
  code: "Kubeadm.SizeIsHosts",
  path: `pools.${pool}.size`,
  message: `found min ${min} and max ${max} with ${count} hosts; a pool of listed machines has exactly these`,
  fix: `write {min: ${count}, max: ${count}}, or change the hosts`,
});

const checkPackage = ({ name, version }: Pool, image: string | undefined): readonly Problem[] => {
  const wanted = parseKubeVersion(version);
  if (image === undefined || !wanted.ok) return [];
  const made = parseKubeVersion(PACKAGE.exec(image)?.[1] ?? "");
  if (!made.ok) return [badPackage(name, image)];
  return matchesVersion(formatVersion(made.value), version)
    ? []
    : [otherVersion(name, image, formatVersion(wanted.value))];
};

const badPackage = (pool: string, found: string): Problem => ({
  code: "Kubeadm.Image",
  path: `pools.${pool}.image`,
  message: `found "${found}"; an image is the exact version of the kubelet's package, such as 1.36.4-1.1`,
  fix: "take a version from `apt-cache madison kubelet`",
  source: PACKAGES_URL,
});

const otherVersion = (pool: string, found: string, wanted: string): Problem => ({
  code: "Kubeadm.ImageOfOtherVersion",
  path: `pools.${pool}.image`,
  message: `found "${found}" while the pool runs ${wanted}; the package says what its kubelet is`,
  fix: `choose a package of ${wanted}, or set pools.${pool}.version to the image's`,
});

const OWNED = /(^|\.)(kubernetes|k8s)\.io$/;
/** What a kubelet may say of itself: k8s.io/kubelet, pkg/apis/well_known_labels.go. */
const KUBELETS_OWN = /(^|\.)(kubelet|node)\.kubernetes\.io$/;
const TOPOLOGY = new Set(["topology.kubernetes.io/zone", "topology.kubernetes.io/region"]);

/** Whether a kubelet may register its node with this label. */
export const mayBeOwn = (key: string): boolean => {
  const prefix = key.includes("/") ? (key.split("/")[0] ?? "") : "";
  return !OWNED.test(prefix) || KUBELETS_OWN.test(prefix) || TOPOLOGY.has(key);
};

/** Nodes are born with their labels, which here means: the kubelet registers with them. */
const checkLabels = ({ name }: Pool, { labels }: PoolEntry): readonly Problem[] =>
  Object.keys(labels)
    .filter(key => !mayBeOwn(key))
    .map(key => ({
      code: "Kubeadm.LabelNotByKubelet",
      path: `pools.${name}.labels.${key}`,
      message: `found "${key}"; a kubelet may not give itself this label and would not start`,
      fix: "use a prefix of your own, or set the label with kubectl",
      source: LABELS_URL,
    }));

const checkWaves = ({ name }: Pool, { strategy }: PoolEntry): readonly Problem[] =>
  strategy.poolSurge === 100
    ? []
    : [
        {
          code: "Kubeadm.NoWaves",
          path: `pools.${name}.strategy.poolSurge`,
          message: `found ${strategy.poolSurge}%; waves give machines back and take new ones, and here each generation has the machines that are listed`,
          fix: 'set poolSurge: "100%", and list as many new hosts',
        },
      ];

/** Jobs run when a pool's workloads have moved: without a pool they never would, and nobody would miss them. */
export const checkPoolless = ({
  pools,
  validation,
}: {
  readonly pools: readonly PoolSpec[];
  readonly validation: ValidationSpec;
}): readonly Problem[] =>
  pools.length > 0 || validation.jobs.length === 0
    ? []
    : [
        {
          code: "Config.NotAllowed",
          path: "validation.jobs",
          message: `found ${validation.jobs.length} in a cluster without pools; Jobs run after a pool's workloads have moved, so these never would`,
          fix: "remove them; without pools the `up` waits until every workload has its replicas again",
        },
      ];

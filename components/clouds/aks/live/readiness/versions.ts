import type { Problem } from "../../../../../core/problem";
import {
  compareMinor,
  compareVersion,
  type KubeVersion,
  matchesVersion,
  parseKubeVersion,
} from "../../../../../core/version/kubeVersion";
import type { WantedAtCloud } from "../../../../../operations/ports";
import type { Findings } from "../../../shared/live/sideBySide";
import { clusterPath } from "../../facts";
import { look, lookFor, type Question, regionOf, subscriptionPath } from "./question";

const VERSIONS_URL = "https://learn.microsoft.com/azure/aks/supported-kubernetes-versions";
const LTS_URL = "https://learn.microsoft.com/azure/aks/long-term-support";
const UPGRADE_URL = "https://learn.microsoft.com/azure/aks/upgrade-aks-control-plane";

/** REST type KubernetesVersion: a minor with its patches. */
export interface AksVersion {
  readonly version?: string;
  readonly isPreview?: boolean;
  readonly capabilities?: { readonly supportPlan?: readonly string[] };
  readonly patchVersions?: Readonly<Record<string, object>>;
}

/** REST type UpgradeProfile, of the control plane. */
export interface AksUpgrade {
  readonly kubernetesVersion?: string;
  readonly isPreview?: boolean;
}

export interface AksOffer {
  readonly versions: readonly AksVersion[];
  /** Absent = there is no cluster yet. */
  readonly upgrades?: readonly AksUpgrade[];
}

export const readOffer = async (question: Question): Promise<AksOffer> => {
  const { connection } = question.wanted;
  const region = regionOf(question);
  const [found, profile] = await Promise.all([
    look<{ readonly values?: readonly AksVersion[] }>(
      question,
      { action: "Microsoft.ContainerService/locations/kubernetesversions/read", on: `location ${region}` },
      {
        path: `${subscriptionPath(question)}/providers/Microsoft.ContainerService/locations/${region}/kubernetesVersions`,
      },
    ),
    lookFor<{
      readonly properties?: { readonly controlPlaneProfile?: { readonly upgrades?: readonly AksUpgrade[] } };
    }>(
      question,
      {
        action: "Microsoft.ContainerService/managedClusters/upgradeProfiles/read",
        on: `cluster ${connection.name}`,
      },
      { path: `${clusterPath(connection)}/upgradeProfiles/default` },
    ),
  ]);
  const versions = found.values ?? [];
  if (profile === undefined) return { versions };
  return { versions, upgrades: profile.properties?.controlPlaneProfile?.upgrades ?? [] };
};

const patchesOf = (versions: readonly AksVersion[]): readonly string[] =>
  versions.flatMap(({ patchVersions = {} }) => Object.keys(patchVersions));

const read = (text: string): KubeVersion => {
  const found = parseKubeVersion(text);
  return found.ok ? found.value : { major: 0, minor: 0 };
};

const nearestTo = (wanted: string, patches: readonly string[]): string => {
  const distance = (one: string): number => Math.abs(compareMinor(read(one), read(wanted)));
  const newestFirst = (a: string, b: string): number => compareVersion(read(b), read(a));
  return [...patches].sort((a, b) => distance(a) - distance(b) || newestFirst(a, b))[0] ?? "none";
};

export const judgeVersions = (wanted: WantedAtCloud, offer: AksOffer): Findings => {
  const { live, cluster } = wanted;
  const stays = live !== undefined && matchesVersion(live, cluster.version);
  const plane = stays ? { blockers: [], warnings: [] } : judgeControlPlane(wanted, offer);
  return { ...plane, blockers: [...plane.blockers, ...checkPools(wanted, offer.versions)] };
};

const judgeControlPlane = (wanted: WantedAtCloud, { versions, upgrades }: AksOffer): Findings => {
  const { version } = wanted.cluster;
  const patches = patchesOf(versions);
  const found = versions.find(one => patchesOf([one]).some(patch => matchesVersion(patch, version)));
  if (found === undefined)
    return { blockers: [notOffered("cluster.version", wanted, nearestTo(version, patches))], warnings: [] };
  return {
    blockers: [...checkPlan(wanted, found), ...checkUpgrade(wanted, upgrades)],
    warnings: found.isPreview === true ? [isPreview(version)] : [],
  };
};

const notOffered = (path: string, { cluster, connection }: WantedAtCloud, nearest: string): Problem => ({
  code: "Aks.VersionNotOffered",
  path,
  message: `found "${cluster.version}"; AKS offers no such version in ${connection.region ?? ""}`,
  fix: `choose an offered version, the nearest is ${nearest}`,
  source: VERSIONS_URL,
});

const isPreview = (version: string): Problem => ({
  code: "Aks.PreviewVersion",
  path: "cluster.version",
  message: `found "${version}", which AKS offers as a preview: no guarantee covers it, and AKS may change it`,
  fix: "wait until it is generally available, or try it on a cluster that nobody needs",
  source: VERSIONS_URL,
});

const PLAN = { community: "KubernetesOfficial", longTerm: "AKSLongTermSupport" } as const;

/** An old minor is in long-term support alone, a new one not yet. */
const checkPlan = ({ cluster }: WantedAtCloud, { capabilities }: AksVersion): readonly Problem[] => {
  const plans = capabilities?.supportPlan ?? [];
  const support = cluster.aks?.support ?? "community";
  if (plans.length === 0 || plans.includes(PLAN[support])) return [];
  const isCommunity = support === "community";
  return [
    {
      code: "Aks.SupportPlan",
      path: "cluster.aks.support",
      message: `found "${support}"; AKS supports ${cluster.version} by ${plans.join(" and ")} only`,
      fix: isCommunity
        ? "set cluster.aks.support: longTerm and cluster.aks.tier: premium, or choose a newer version"
        : "set cluster.aks.support: community, or choose a version in long-term support",
      source: LTS_URL,
    },
  ];
};

/** A skipped minor and a step down are the rules' own to say; this is what AKS alone knows of this cluster. */
const checkUpgrade = (
  { live, cluster }: WantedAtCloud,
  upgrades: readonly AksUpgrade[] | undefined,
): readonly Problem[] => {
  if (live === undefined || upgrades === undefined) return [];
  const step = compareMinor(read(cluster.version), read(live));
  const offered = upgrades.flatMap(({ kubernetesVersion }) => kubernetesVersion ?? []);
  const isOffered = offered.some(one => matchesVersion(one, cluster.version));
  if (step < 0 || step > 1 || isOffered) return [];
  return [
    {
      code: "Aks.NoSuchUpgrade",
      path: "cluster.version",
      message: `found "${cluster.version}"; of ${live}, which this cluster runs, AKS offers upgrades to ${offered.join(", ") || "nothing"}`,
      fix: `choose one of them${offered.length === 0 ? " once AKS offers any" : `, the nearest is ${nearestTo(cluster.version, offered)}`}`,
      source: UPGRADE_URL,
    },
  ];
};

/** One that runs the control plane's own version was told with it. */
const checkPools = ({ toCome, ...wanted }: WantedAtCloud, versions: readonly AksVersion[]) => {
  const patches = patchesOf(versions);
  return toCome
    .filter(({ spec }) => spec.version !== wanted.cluster.version)
    .filter(({ spec }) => !patches.some(patch => matchesVersion(patch, spec.version)))
    .map(({ pool, spec: { version } }) => {
      const cluster = { ...wanted.cluster, version };
      const nearest = nearestTo(version, patches);
      return notOffered(`pools.${pool}.version`, { ...wanted, toCome, cluster }, nearest);
    });
};

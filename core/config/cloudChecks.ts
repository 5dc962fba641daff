import type { Problem } from "../problem";
import {
  addMinors,
  compareMinor,
  type KubeVersion,
  minorText,
  parseKubeVersion,
} from "../version/kubeVersion";
import { checkPoolVersion } from "../version/poolVersion";
import { checkAksPool } from "./aksChecks";
import type { ClusterSpec } from "./cluster";
import { checkEksPool } from "./eksChecks";
import { checkGkePool } from "./gkeChecks";
import { checkKubeadmPool } from "./kubeadmChecks";
import { settingsElsewhere } from "./machineChecks";
import type { PoolEntry } from "./pools";

const must = (text: string): KubeVersion => {
  const parsed = parseKubeVersion(text);
  if (!parsed.ok) throw new Error(`"${text}" passed the schema and can't be read`);
  return parsed.value;
};

/** What a pool runs when it doesn't say: the cluster's version, or the minor that an emulating control plane serves. */
export const defaultVersion = (cluster: ClusterSpec): string =>
  cluster.stage === "final" ? cluster.version : minorText(addMinors(must(cluster.version), -1));

/** Rules between a pool's settings and the cluster it belongs to. */
export const checkAgainstCluster = (
  cluster: ClusterSpec,
  name: string,
  entry: PoolEntry,
): readonly Problem[] => [
  ...checkMachines(cluster, name, entry),
  ...checkVersion(cluster, name, entry),
  ...checkOwnCloud(cluster, name, entry),
  ...settingsElsewhere(cluster, name, entry),
];

const OWN: Partial<Record<ClusterSpec["cloud"], typeof checkEksPool>> = {
  eks: checkEksPool,
  gke: checkGkePool,
  kubeadm: checkKubeadmPool,
  aks: checkAksPool,
};

const checkOwnCloud = (cluster: ClusterSpec, name: string, entry: PoolEntry): readonly Problem[] =>
  OWN[cluster.cloud]?.(cluster, { name, version: entry.version ?? defaultVersion(cluster) }, entry) ?? [];

const checkMachines = ({ cloud }: ClusterSpec, name: string, entry: PoolEntry): Problem[] => {
  if (cloud === "lab") return [];
  const needed = cloud === "kubeadm" ? (["image"] as const) : (["image", "machine"] as const);
  return needed
    .filter(key => entry[key] === undefined)
    .map(key => ({
      code: "Config.Missing",
      path: `pools.${name}.${key}`,
      message: `missing; outside the lab a pool names its exact ${key}, so that the same config always means the same nodes`,
      fix: key === "image" ? "write the exact release; `changeover pin` finds it" : "write the machine type",
    }));
};

const checkVersion = (cluster: ClusterSpec, name: string, entry: PoolEntry): Problem[] => {
  const path = `pools.${name}.version`;
  const [controlPlane, stage] = [must(cluster.version), cluster.stage];
  if (entry.version === undefined) return stage === "emulated" ? checkDefault(controlPlane, name) : [];
  const problem = checkPoolVersion({ pool: name, path, version: must(entry.version), controlPlane, stage });
  return problem === undefined ? [] : [problem];
};

/** "1.35" and "1.35.8" are two generations: from a version with a patch nobody can tell which one the pool runs. */
const checkDefault = (controlPlane: KubeVersion, name: string): Problem[] =>
  controlPlane.patch === undefined
    ? []
    : [
        {
          code: "Pool.VersionNeeded",
          path: `pools.${name}.version`,
          message: `missing; while cluster.stage is emulated and cluster.version names a patch, what the pool runs now can't be derived`,
          fix: `write the version the pool runs now, such as "${minorText(addMinors(controlPlane, -1))}"`,
        },
      ];

/** A minor that the catalogue has never heard of is a typing error until proven otherwise. */
export const checkKnown = (path: string, version: string, known: readonly string[]): readonly Problem[] => {
  const wanted = must(version);
  if (known.length === 0 || known.includes(minorText(wanted))) return [];
  const newest = known[known.length - 1] ?? "";
  const ahead = compareMinor(wanted, must(newest)) > 0;
  return [
    {
      code: "Version.Unknown",
      path,
      message: `found "${version}"; known minors are ${known[0] ?? ""} to ${newest}`,
      fix: ahead
        ? "correct the version, or take a release of changeover that knows it"
        : "choose a known minor",
    },
  ];
};

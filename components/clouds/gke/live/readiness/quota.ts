import type { Problem } from "../../../../../core/problem";
import type { Findings } from "../../../shared/live/sideBySide";
import type { GkeCluster } from "../found";
import type { Coming } from "./machines";
import { computeUrl, look, projectOf, type Question, regionOf } from "./question";

const QUOTAS_URL = "https://docs.cloud.google.com/compute/resource-usage";

/** REST type Quota of Compute Engine. */
export interface Quota {
  readonly metric?: string;
  readonly limit?: number;
  readonly usage?: number;
}

const ALL_REGIONS = "CPUS_ALL_REGIONS";

/** Those of the region, then those of the whole project. */
export const readQuotas = async (question: Question): Promise<readonly Quota[]> => {
  type Owner = { readonly quotas?: readonly Quota[] };
  const [region, project] = [regionOf(question), projectOf(question)];
  const [own, all] = await Promise.all([
    look<Owner>(
      question,
      { permission: "compute.regions.get", on: `region ${region}` },
      { url: computeUrl(question, `/regions/${region}`) },
    ),
    look<Owner>(
      question,
      { permission: "compute.projects.get", on: `project ${project}` },
      { url: computeUrl(question, "") },
    ),
  ]);
  const allRegions = (all.quotas ?? []).filter(({ metric }) => metric === ALL_REGIONS);
  return [...(own.quotas ?? []), ...allRegions];
};

/** Series without a quota of their own share CPUS; the newest have one per family, which only the quota service tells. */
const SHARED: readonly string[] = ["E2", "N1", "F1", "G1"];
const PER_FAMILY = "CPUS_PER_VM_FAMILY";

/** Spot machines count here where the project has any of it, else as all others do (compute/docs/instances/spot). */
const SPOT = "PREEMPTIBLE_CPUS";

const seriesOf = (machine: string): string => (machine.split("-")[0] ?? "").toUpperCase();

const cpuMetric = ({ machine, isSpot }: Coming, quotas: readonly Quota[]): string => {
  if (isSpot && quotas.some(({ metric, limit = 0 }) => metric === SPOT && limit > 0)) return SPOT;
  const series = seriesOf(machine);
  const own = `${series}_CPUS`;
  if (quotas.some(({ metric }) => metric === own)) return own;
  return SHARED.includes(series) ? "CPUS" : PER_FAMILY;
};

interface Need {
  readonly metric: string;
  readonly amount: number;
  readonly text: string;
}

const hasPublicNodes = (cluster: GkeCluster | undefined): boolean =>
  cluster?.privateClusterConfig?.enablePrivateNodes !== true &&
  cluster?.networkConfig?.defaultEnablePrivateNodes !== true;

const needsOf = (coming: Coming, quotas: readonly Quota[], isPublic: boolean): readonly Need[] => {
  const { pool, machine, nodes, cpus, diskGb } = coming;
  const text = `${pool}: ${nodes} × ${machine}`;
  const need = (metric: string, each: number): Need => ({ metric, amount: nodes * each, text });
  const metric = cpuMetric(coming, quotas);
  return [
    ...(cpus === undefined
      ? []
      : [need(metric, cpus), ...(metric === SPOT ? [] : [need(ALL_REGIONS, cpus)])]),
    need("INSTANCES", 1),
    ...(isPublic ? [need("IN_USE_ADDRESSES", 1)] : []),
    // GKE's default, pd-balanced, counts as SSD; the newest series have other disks.
    ...(metric === PER_FAMILY ? [] : [need("SSD_TOTAL_GB", diskGb)]),
  ];
};

export interface QuotaFacts {
  readonly coming: readonly Coming[];
  readonly quotas: readonly Quota[];
  readonly cluster: GkeCluster | undefined;
  readonly region: string;
}

/** Each quota against all machines to come together: what is there now counts already. */
export const judgeQuota = ({ coming, quotas, cluster, region }: QuotaFacts): Findings => {
  const needs = coming.flatMap(one => needsOf(one, quotas, hasPublicNodes(cluster)));
  const unread = needs.filter(({ metric }) => metric === PER_FAMILY);
  return {
    blockers: quotas.flatMap(quota => checkOne(quota, needs, region)),
    warnings: unread.length === 0 ? [] : [notReadable(unread, region)],
  };
};

const partsOf = (needs: readonly Need[]): string => needs.map(({ text }) => text).join(", ");

const checkOne = (
  { metric = "", limit = 0, usage = 0 }: Quota,
  all: readonly Need[],
  region: string,
): readonly Problem[] => {
  const needs = all.filter(need => need.metric === metric);
  const amount = needs.reduce((sum, need) => sum + need.amount, 0);
  const free = Math.max(0, limit - usage);
  if (amount <= free) return [];
  const where = metric === ALL_REGIONS ? "in all regions together" : `in ${region}`;
  return [
    {
      code: "Gke.Quota",
      path: "pools",
      message: `quota ${metric} ${where}: ${amount} more are needed at the same time (${partsOf(needs)}), ${free} of ${limit} are free`,
      fix: "raise it (`gcloud` or the console, IAM & Admin → Quotas), or let fewer machines exist at once by strategy.poolSurge",
      source: QUOTAS_URL,
    },
  ];
};

const notReadable = (needs: readonly Need[], region: string): Problem => ({
  code: "Gke.QuotaNotReadable",
  path: "pools",
  message: `processors of ${partsOf(needs)} count against a quota of their own family (${PER_FAMILY}) in ${region}, which Compute Engine's API does not tell`,
  fix: "look at IAM & Admin → Quotas in the console whether there is room for them",
  source: QUOTAS_URL,
});

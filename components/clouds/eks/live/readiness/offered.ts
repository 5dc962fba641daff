import type { ClusterVersionInformation } from "@aws-sdk/client-eks";
import type { Problem } from "../../../../../core/problem";
import { minorsOf, nearestMinor, offeredVersions } from "../offered";
import { type Findings, NOTHING } from "../../../shared/live/sideBySide";
import { blocked, warned } from "./findings";
import type { Question } from "./question";

const VERSIONS_URL = "https://docs.aws.amazon.com/eks/latest/userguide/kubernetes-versions.html";
const EXTENDED_URL = "https://docs.aws.amazon.com/eks/latest/userguide/enable-extended-support.html";
/** An end that is further off is the next upgrade's business. */
const SOON_DAYS = 60;
const DAY_MS = 86_400_000;

interface Wanted {
  readonly minor: string;
  readonly support: "standard" | "extended";
  readonly now: number;
}

/** Whether EKS offers the version where the control plane goes, and what it will cost or do there before long. */
export const checkOffered = async ({ wanted, step, region, signal, now }: Question): Promise<Findings> => {
  if (wanted.live !== undefined && step === undefined) return NOTHING;
  const { version, eks } = wanted.cluster;
  const offered = await offeredVersions(region, signal);
  return judgeOffered({ minor: step?.to ?? version, support: eks?.support ?? "extended", now }, offered);
};

export const judgeOffered = (wanted: Wanted, offered: readonly ClusterVersionInformation[]): Findings => {
  const found = offered.find(({ clusterVersion }) => clusterVersion === wanted.minor);
  if (found === undefined) return blocked(notOffered(wanted.minor, minorsOf(offered)));
  const end = found.endOfStandardSupportDate;
  if (end === undefined || end.getTime() - wanted.now > SOON_DAYS * DAY_MS) return NOTHING;
  return warned(wanted.support === "standard" ? movesByItself(wanted.minor, end) : costsMore(wanted, found));
};

const dayOf = (date: Date | undefined): string =>
  date?.toISOString().slice(0, 10) ?? "a day that EKS does not say";

const notOffered = (wanted: string, offered: readonly string[]): Problem => ({
  code: "Eks.VersionNotOffered",
  path: "cluster.version",
  message: `found "${wanted}"; EKS offers ${offered.join(", ")} in this region`,
  fix: `choose an offered version, the nearest is ${nearestMinor(wanted, offered)}`,
  source: VERSIONS_URL,
});

const movesByItself = (minor: string, end: Date): Problem => ({
  code: "Eks.UpgradesByItself",
  path: "cluster.eks.support",
  message: `found "standard": when standard support of ${minor} ends on ${dayOf(end)}, AWS upgrades the control plane by itself, past every gate`,
  fix: "plan the next upgrade before that day, or set cluster.eks.support: extended",
  source: EXTENDED_URL,
});

const costsMore = ({ minor, now }: Wanted, found: ClusterVersionInformation): Problem => {
  const end = found.endOfStandardSupportDate;
  const since = (end?.getTime() ?? now) < now ? "since" : "from";
  return {
    code: "Eks.ExtendedSupport",
    path: "cluster.eks.support",
    message: `found "extended": AWS charges more for each hour of a cluster at ${minor} ${since} ${dayOf(end)} on, and upgrades it by itself after ${dayOf(found.endOfExtendedSupportDate)}`,
    fix: "plan the upgrade to a minor in standard support: `changeover plan` prints the steps",
    source: EXTENDED_URL,
  };
};

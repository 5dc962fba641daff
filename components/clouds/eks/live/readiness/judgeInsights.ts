import type { DeprecationDetail, Insight } from "@aws-sdk/client-eks";
import type { Problem } from "../../../../../core/problem";
import { type Findings, allOf } from "../../../shared/live/sideBySide";
import { blocked, warned } from "./findings";
import type { Step } from "./question";

const INSIGHTS_URL = "https://docs.aws.amazon.com/eks/latest/userguide/cluster-insights.html";
/** EKS looks again every 24 hours; an hour more is no sign of trouble. */
const STALE_MS = 25 * 3_600_000;
const MOST_CLIENTS = 3;

export interface Concern {
  readonly step: Step;
  readonly now: number;
  /** Names of insights whose error somebody looked into. */
  readonly accepted: readonly string[];
}

/** ERROR refuses unless it was accepted by name; what EKS is not sure of warns, and so does what it has not looked at. */
export const judgeInsights = (insights: readonly Insight[], concern: Concern): Findings => {
  if (insights.length === 0) return warned(none(concern.step));
  const stale = insights.filter(insight => isStale(insight, concern.now));
  return allOf([
    ...insights.map(insight => judgeOne(insight, concern)),
    ...(stale.length === 0 ? [] : [warned(old(stale))]),
  ]);
};

const judgeOne = (insight: Insight, { step, accepted }: Concern): Findings => {
  const status = insight.insightStatus?.status ?? "UNKNOWN";
  if (status === "PASSING") return { blockers: [], warnings: [] };
  if (status !== "ERROR") return warned(unsure(insight, status));
  return accepted.includes(insight.name ?? "")
    ? warned(acceptedError(insight))
    : blocked(error(insight, step));
};

const isStale = ({ lastRefreshTime }: Insight, now: number): boolean =>
  lastRefreshTime === undefined || now - lastRefreshTime.getTime() > STALE_MS;

const withoutStop = (text: string): string => text.trim().replace(/\.$/, "");

const said = ({ name = "an insight without a name", insightStatus, description }: Insight): string =>
  `"${name}": ${withoutStop(insightStatus?.reason ?? description ?? "EKS gives no reason")}`;

const error = (insight: Insight, { to, back }: Step): Problem => ({
  code: "Eks.InsightError",
  path: "cluster.version",
  message: `EKS advises against going ${back ? "back " : ""}to ${to}. ${said(insight)}${describeUse(insight)}`,
  fix: `${withoutStop(insight.recommendation ?? "do what the insight says")}; EKS looks again within a day, and at use of an API over 30 days: once it is mended, add "${insight.name ?? ""}" to cluster.eks.acceptedInsights`,
  source: INSIGHTS_URL,
});

const acceptedError = (insight: Insight): Problem => ({
  code: "Eks.InsightAccepted",
  path: "cluster.eks.acceptedInsights",
  message: `config accepts this error of EKS. ${said(insight)}${describeUse(insight)}`,
  fix: "take its name out of cluster.eks.acceptedInsights once EKS says PASSING",
  source: INSIGHTS_URL,
});

const unsure = (insight: Insight, status: string): Problem => ({
  code: "Eks.InsightUnsure",
  path: "cluster.version",
  message: `EKS says ${status}. ${said(insight)}`,
  fix: insight.recommendation ?? `read it: \`aws eks describe-insight --id ${insight.id ?? ""} …\``,
  source: INSIGHTS_URL,
});

const old = (insights: readonly Insight[]): Problem => {
  const oldest = insights.map(({ lastRefreshTime }) => lastRefreshTime?.toISOString() ?? "never").sort();
  return {
    code: "Eks.InsightsStale",
    path: "cluster.version",
    message: `EKS last looked more than a day ago (${oldest[0] ?? "never"}) at ${insights.map(({ name = "" }) => `"${name}"`).join(", ")}: what happened since is not in it`,
    fix: "have EKS look again (`aws eks start-insights-refresh --cluster-name …`) and run the preview again",
    source: INSIGHTS_URL,
  };
};

const none = ({ to, back }: Step): Problem => ({
  code: "Eks.NoInsights",
  path: "cluster.version",
  message: `EKS has no insight about going ${back ? "back " : ""}to ${to}: whether this cluster is ready for it is not known`,
  fix: "have EKS look (`aws eks start-insights-refresh --cluster-name …`) and run the preview again",
  source: INSIGHTS_URL,
});

/** Which API, what replaces it, and who asked for it last. */
const describeUse = ({ categorySpecificSummary }: Insight): string =>
  (categorySpecificSummary?.deprecationDetails ?? []).map(detail => `. ${describeApi(detail)}`).join("");

const describeApi = ({
  usage = "",
  replacedWith,
  stopServingVersion,
  clientStats = [],
}: DeprecationDetail) => {
  const instead = replacedWith === undefined ? "" : `, replaced by ${replacedWith}`;
  const end = stopServingVersion === undefined ? "" : ` (gone in ${stopServingVersion})`;
  const clients = [...clientStats]
    .sort((a, b) => (b.lastRequestTime?.getTime() ?? 0) - (a.lastRequestTime?.getTime() ?? 0))
    .map(
      ({ userAgent = "somebody", numberOfRequestsLast30Days: count = 0, lastRequestTime: last }) =>
        `${userAgent} (${count} requests in 30 days, last ${last?.toISOString() ?? "at an unknown time"})`,
    );
  const more = clients.length > MOST_CLIENTS ? ` and ${clients.length - MOST_CLIENTS} more` : "";
  const by = clients.length === 0 ? "" : `, asked for by ${clients.slice(0, MOST_CLIENTS).join(", ")}${more}`;
  return `${usage}${end}${instead}${by}`;
};

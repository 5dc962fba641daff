import { type AwsContext, mustCluster } from "../context";
import { notFound } from "../rules";
import type { StandInInsight } from "./world";

const PAGE = 2;

/** What EKS says of a cluster with nothing wrong. */
const passing = (version: string): readonly StandInInsight[] => {
  const next = `1.${Number(version.split(".")[1]) + 1}`;
  const common = {
    description: "Checks of the stand-in: nothing is looked at.",
    lastRefreshTime: Math.floor(Date.now() / 1000),
    insightStatus: { status: "PASSING", reason: "No issue was set." },
  };
  return [
    {
      ...common,
      id: "up-api",
      name: "Deprecated APIs",
      category: "UPGRADE_READINESS",
      kubernetesVersion: next,
    },
    { ...common, id: "up-health", name: "Cluster health issues", category: "UPGRADE_READINESS" },
    { ...common, id: "back-health", name: "Rollback health", category: "ROLLBACK_READINESS" },
  ];
};

const insightsOf = (context: AwsContext, name: string): readonly StandInInsight[] => {
  const { version } = mustCluster(context, name);
  return context.world.insights.get(name) ?? passing(version);
};

interface Listing {
  readonly filter?: { readonly categories?: readonly string[] };
  readonly nextToken?: string;
}

/** Summaries leave out what only DescribeInsight tells (API_InsightSummary). */
const summarise = (insight: StandInInsight): object => {
  const { recommendation: _fix, categorySpecificSummary: _use, ...summary } = insight;
  return summary;
};

/** In pages of two, so that whoever reads only the first one is found out. */
export const listInsights = (context: AwsContext, name: string, { filter, nextToken }: Listing): object => {
  const found = insightsOf(context, name).filter(
    ({ category }) => filter?.categories?.includes(category) ?? true,
  );
  const from = Number(nextToken ?? 0);
  const rest = from + PAGE < found.length ? { nextToken: String(from + PAGE) } : {};
  return { insights: found.slice(from, from + PAGE).map(summarise), ...rest };
};

export const describeInsight = (context: AwsContext, name: string, id: string): object => ({
  insight: insightsOf(context, name).find(one => one.id === id) ?? notFound(`No insight found for ID: ${id}`),
});

import {
  DescribeInsightCommand,
  type Insight,
  type InsightSummary,
  ListInsightsCommand,
} from "@aws-sdk/client-eks";
import { ask } from "../call";
import { eksClient } from "../clients";
import { type Findings, NOTHING } from "../../../shared/live/sideBySide";
import { judgeInsights } from "./judgeInsights";
import type { Question, Step } from "./question";

/** EKS's own checks of the cluster against the minor where it goes: cluster-insights.html of its user guide. */
export const checkInsights = async (question: Question): Promise<Findings> => {
  const { step, wanted, now } = question;
  if (step === undefined || wanted.live === undefined) return NOTHING;
  const found = (await listInsights(question, step)).filter(insight => concerns(insight, step));
  const told = await Promise.all(found.map(insight => tell(question, insight)));
  return judgeInsights(told, { step, now, accepted: wanted.cluster.eks?.acceptedInsights ?? [] });
};

/** A way back has one target; insights of the way up name the minor that they are about, or none. */
const concerns = ({ kubernetesVersion }: InsightSummary, { back, to }: Step): boolean =>
  back || kubernetesVersion === undefined || kubernetesVersion === to;

const listInsights = async (
  { wanted, region, signal }: Question,
  { back }: Step,
): Promise<readonly InsightSummary[]> => {
  const clusterName = wanted.connection.name;
  const filter = { categories: [back ? ("ROLLBACK_READINESS" as const) : ("UPGRADE_READINESS" as const)] };
  const found: InsightSummary[] = [];
  let nextToken: string | undefined;
  do {
    const input = { clusterName, filter, ...(nextToken === undefined ? {} : { nextToken }) };
    const page = await ask({ action: "eks:ListInsights", on: `cluster ${clusterName}` }, () =>
      eksClient(region).send(new ListInsightsCommand(input), { abortSignal: signal }),
    );
    found.push(...(page.insights ?? []));
    nextToken = page.nextToken ?? undefined;
  } while (nextToken !== undefined);
  return found;
};

/** The summary says what; only the whole insight says who still does it and what to do. */
const tell = async ({ wanted, region, signal }: Question, summary: InsightSummary): Promise<Insight> => {
  const { id, insightStatus } = summary;
  if (insightStatus?.status !== "ERROR") return summary;
  const clusterName = wanted.connection.name;
  const { insight } = await ask({ action: "eks:DescribeInsight", on: `insight ${id ?? ""}` }, () =>
    eksClient(region).send(new DescribeInsightCommand({ clusterName, id }), { abortSignal: signal }),
  );
  return { ...summary, ...insight };
};

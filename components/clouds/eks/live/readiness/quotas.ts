import { ask, isNamed } from "../call";
import { query } from "../query";
import { sendSigned } from "../signed";
import { membersOf, textOf } from "../xml";

interface Place {
  readonly region: string;
  readonly signal: AbortSignal;
}

/** Where CloudWatch counts what is used of a quota. */
export interface UsageMetric {
  readonly MetricNamespace?: string;
  readonly MetricName?: string;
  readonly MetricDimensions?: Readonly<Record<string, string>>;
  readonly MetricStatisticRecommendation?: string;
}

export interface Quota {
  readonly value: number;
  readonly metric?: UsageMetric;
}

const TARGET = "ServiceQuotasV20190624.GetServiceQuota";
const NOT_APPLIED = "NoSuchResourceException";

/** The value that holds in this account and region; undefined where Service Quotas has none (API_GetServiceQuota). */
export const readQuota = async (
  { region, signal }: Place,
  ServiceCode: string,
  QuotaCode: string,
): Promise<Quota | undefined> => {
  const headers = { "content-type": "application/x-amz-json-1.1", "x-amz-target": TARGET };
  const body = JSON.stringify({ ServiceCode, QuotaCode });
  const asked = { action: "servicequotas:GetServiceQuota", on: `${ServiceCode}/${QuotaCode}` };
  try {
    const call = { service: "servicequotas", region, headers, body, signal };
    const text = await ask(asked, () => sendSigned(call), NOT_APPLIED);
    const { Quota: found } = JSON.parse(text) as {
      readonly Quota?: { readonly Value?: number; readonly UsageMetric?: UsageMetric };
    };
    if (found?.Value === undefined) return undefined;
    return { value: found.Value, ...(found.UsageMetric === undefined ? {} : { metric: found.UsageMetric }) };
  } catch (error) {
    if (isNamed(error, NOT_APPLIED)) return undefined;
    throw error;
  }
};

export interface Usage {
  readonly used: number;
  /** ISO time of the count. */
  readonly at: string;
}

const PERIOD_S = 300;
const BACK_MS = 3_600_000;

/**
 * The newest of AWS's own counts of the last hour, one call whatever runs in the account
 * (AmazonCloudWatch: CloudWatch-Quotas-Visualize-Alarms). undefined = there is no count.
 */
export const readUsage = async (
  { region, signal }: Place,
  metric: UsageMetric,
  now: number,
): Promise<Usage | undefined> => {
  const { MetricNamespace = "", MetricName = "", MetricDimensions = {} } = metric;
  const statistic = metric.MetricStatisticRecommendation ?? "Maximum";
  const dimensions = Object.entries(MetricDimensions).flatMap(([name, value], index): [string, string][] => [
    [`Dimensions.member.${index + 1}.Name`, name],
    [`Dimensions.member.${index + 1}.Value`, value],
  ]);
  const answer = await query({
    asked: { action: "cloudwatch:GetMetricStatistics", on: MetricName },
    ...{ region, signal },
    form: [
      ["Namespace", MetricNamespace],
      ["MetricName", MetricName],
      ...dimensions,
      ["StartTime", new Date(now - BACK_MS).toISOString()],
      ["EndTime", new Date(now).toISOString()],
      ["Period", String(PERIOD_S)],
      ["Statistics.member.1", statistic],
    ],
  });
  const points = membersOf(answer, "Datapoints").map(point => ({
    used: Number(textOf(point, statistic) ?? NaN),
    at: textOf(point, "Timestamp") ?? "",
  }));
  return points.filter(({ used }) => !Number.isNaN(used)).sort((a, b) => b.at.localeCompare(a.at))[0];
};

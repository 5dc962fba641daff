import { ACCOUNT, type AwsContext, roleArn } from "../context";
import { type Form, readList, writeXml } from "../query";
import { notCovered } from "../rules";
import { mustQuota, type World } from "./world";

/* What Security Token Service, IAM, CloudWatch and Service Quotas say of the account. */

const xml = (action: string, result: string): string =>
  `<${action}Response><${action}Result>${result}</${action}Result><ResponseMetadata><RequestId>stand-in</RequestId></ResponseMetadata></${action}Response>`;

export const callerIdentity = ({ world }: AwsContext): string =>
  xml("GetCallerIdentity", writeXml({ Arn: world.caller, UserId: "STANDIN", Account: ACCOUNT }));

export const getRole = (_context: AwsContext, form: Form): string => {
  const name = form.get("RoleName") ?? "";
  return xml("GetRole", writeXml({ Role: { RoleName: name, Arn: roleArn(name) } }));
};

const decide = ({ denied, conditional }: World, action: string): object => {
  const key = conditional.get(action);
  const allowed = !denied.has(action) && key === undefined;
  return {
    MissingContextValues: key === undefined ? [] : [key],
    EvalResourceName: "*",
    EvalDecision: allowed ? "allowed" : "implicitDeny",
    EvalActionName: action,
  };
};

/** The order of elements is that of AWS's own example (API_SimulatePrincipalPolicy). */
export const simulate = ({ world }: AwsContext, form: Form): string => {
  const results = readList(form, "ActionNames").map(action => decide(world, action));
  return xml(
    "SimulatePrincipalPolicy",
    writeXml({ EvaluationResults: results as never, IsTruncated: false }),
  );
};

/** One count, five minutes old. */
export const metricStatistics = ({ world }: AwsContext, form: Form): string => {
  const dimensions = [...form].flatMap(([key, value]) =>
    /^Dimensions\.member\.\d+\.Value$/.test(key) ? [value] : [],
  );
  if (!dimensions.includes("Standard/OnDemand")) return notCovered(`the metric of ${dimensions.join(", ")}`);
  const statistic = form.get("Statistics.member.1") ?? "";
  const at = new Date(Date.now() - 300_000).toISOString();
  const { vcpusRunning } = world;
  const points =
    vcpusRunning === undefined ? [] : [{ Timestamp: at, [statistic]: vcpusRunning, Unit: "None" }];
  return xml("GetMetricStatistics", writeXml({ Datapoints: points as never, Label: "ResourceCount" }));
};

/** EC2's quotas name the metric that counts them; those of EKS have none. */
const METRIC = {
  MetricNamespace: "AWS/Usage",
  MetricName: "ResourceCount",
  MetricDimensions: { Class: "Standard/OnDemand", Resource: "vCPU", Service: "EC2", Type: "Resource" },
  MetricStatisticRecommendation: "Maximum",
};

export const serviceQuota = ({ world }: AwsContext, body: string): object => {
  const { ServiceCode = "", QuotaCode = "" } = JSON.parse(body) as Readonly<Record<string, string>>;
  const Value = mustQuota(world, ServiceCode, QuotaCode);
  const usage = ServiceCode === "ec2" ? { UsageMetric: METRIC } : {};
  return { Quota: { ServiceCode, QuotaCode, Value, Unit: "None", Adjustable: true, ...usage } };
};

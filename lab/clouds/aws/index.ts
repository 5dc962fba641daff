import { openBackground } from "../background";
import { asFault, type Failures, planFailures } from "../fault";
import type { Answer, Asked } from "../http";
import { openApi } from "../openApi";
import * as addOns from "./addOns";
import { answerScaling } from "./autoScaling";
import { publicParameter } from "./catalogue";
import * as clusters from "./clusters";
import { ACCOUNT, type AwsContext } from "./context";
import { mayEnter } from "./accessEntries";
import { answerEks } from "./eks";
import { openFront } from "./front";
import { startStandInKarpenter } from "./karpenter";
import * as nodeGroups from "./nodeGroups";
import { answerXml, errorXml } from "./query";
import { checkEnabled, mustHaveAddress } from "./regions";
import { notCovered } from "./rules";
import { openState } from "./state";
import { callerIdentity, getRole, metricStatistics, serviceQuota, simulate } from "./world/account";
import { describeInstanceTypes, describeOfferings, describeRegions, describeSubnets } from "./world/ec2";
import { openWorld, permit, type World } from "./world/world";

export interface StandInAws {
  /** For AWS_ENDPOINT_URL: AWS's own SDKs go here instead. */
  readonly endpoint: string;
  readonly region: string;
  readonly failures: Pick<Failures, "plan" | "hold" | "clear">;
  /** What a client of the stand-in finds of Auto Scaling groups, for tests that look behind. */
  readonly state: AwsContext["state"];
  /** What the account and its region are like: quotas, addresses, permissions, insights. A test changes it. */
  readonly world: World;
  /** Stands in for Karpenter in one of its clusters, until the stand-in ends. */
  readonly startKarpenter: (cluster: string) => Promise<void>;
  /** Ends the API. Labs behind it stay until `DeleteCluster` or `destroyLab`. */
  readonly close: () => Promise<void>;
}

export interface StandInOptions {
  /** Where it keeps what it was asked for. */
  readonly folder: string;
  readonly region: string;
}

const answerJson = (work: () => object): Answer => {
  const headers = { "content-type": "application/json" };
  try {
    return { status: 200, headers, body: JSON.stringify(work()) };
  } catch (error) {
    const { name, message, status } = asFault(error, "ServerException");
    return {
      status,
      headers: { ...headers, "x-amzn-errortype": name },
      body: JSON.stringify({ __type: name, message }),
    };
  }
};

type Documents = Readonly<Record<string, (context: AwsContext, form: URLSearchParams) => string>>;

/** Services that take forms, beside Auto Scaling: IAM's prefix → action → the whole answer. */
const SERVICES: Readonly<Record<string, Documents>> = {
  ec2: {
    DescribeRegions: describeRegions,
    DescribeSubnets: describeSubnets,
    DescribeInstanceTypes: describeInstanceTypes,
    DescribeInstanceTypeOfferings: describeOfferings,
  },
  sts: { GetCallerIdentity: callerIdentity },
  iam: { GetRole: getRole, SimulatePrincipalPolicy: simulate },
  cloudwatch: { GetMetricStatistics: metricStatistics },
};

const documentOf = (context: AwsContext, form: URLSearchParams): string | undefined => {
  const action = form.get("Action") ?? "";
  const [service, documents] =
    Object.entries(SERVICES).find(([, known]) => known[action] !== undefined) ?? [];
  if (service === undefined) return undefined;
  permit(context.world, `${service}:${action}`);
  context.failures.check(action, form.get("SubnetId.1") ?? "");
  return documents?.[action]?.(context, form);
};

const answerQuery = async (context: AwsContext, asked: Asked): Promise<Answer> => {
  const headers = { "content-type": "text/xml" };
  const form = new URLSearchParams(asked.body);
  try {
    const document = documentOf(context, form);
    if (document !== undefined) return { status: 200, headers, body: document };
    const { action, result } = await answerScaling(context, form);
    return { status: 200, headers, body: answerXml(action, result) };
  } catch (error) {
    const { name, message, status } = asFault(error, "ServerException");
    return { status, headers, body: errorXml(name, message) };
  }
};

const answerTarget = (context: AwsContext, target: string, body: string): object => {
  const [, service, answer] = TARGETS.find(([name]) => name === target) ?? [];
  if (service === undefined || answer === undefined) return notCovered(target);
  permit(context.world, `${service}:${target.split(".")[1] ?? ""}`);
  return answer(context, body);
};

const TARGETS: readonly (readonly [string, string, (context: AwsContext, body: string) => object])[] = [
  ["AmazonSSM.GetParameter", "ssm", (_context, body) => publicParameter(body)],
  ["ServiceQuotasV20190624.GetServiceQuota", "servicequotas", serviceQuota],
];

const answerIn = (context: AwsContext, asked: Asked): object => {
  checkEnabled(context, asked);
  return answerEks(context, asked);
};

/** EKS has its paths; at the root some services take JSON with a target, others take forms. */
const answer = (context: AwsContext, asked: Asked): Promise<Answer> => {
  mustHaveAddress(context, asked);
  if (asked.url.pathname !== "/") return Promise.resolve(answerJson(() => answerIn(context, asked)));
  const target = asked.headers["x-amz-target"];
  if (typeof target !== "string") return answerQuery(context, asked);
  return Promise.resolve(answerJson(() => answerTarget(context, target, asked.body)));
};

/** What an earlier one made is served again; what it was making is begun again. */
const takeUp = async (context: AwsContext): Promise<void> => {
  for (const cluster of Object.values(context.state.clusters)) {
    if (cluster.status === "ACTIVE")
      context.fronts.set(cluster.name, await openFront(cluster.name, () => mayEnter(context, cluster)));
    if (cluster.status === "CREATING") clusters.raise(context, cluster);
  }
  for (const group of Object.values(context.state.groups))
    if (group.status === "CREATING") nodeGroups.raise(context, group);
  for (const addOn of Object.values(context.state.addOns))
    if (addOn.status !== "ACTIVE") addOns.settle(context, addOn);
};

/** A stand-in for the part of AWS that an EKS stack uses; clusters are labs on this machine. */
export const startStandInAws = async ({ folder, region }: StandInOptions): Promise<StandInAws> => {
  const failures = planFailures();
  const background = openBackground();
  const world = openWorld(ACCOUNT);
  const context: AwsContext = {
    ...openState(folder),
    region,
    world,
    failures,
    background,
    fronts: new Map(),
  };
  await takeUp(context);
  const api = await openApi(asked => answer(context, asked), context);
  return {
    ...api,
    region,
    failures,
    state: context.state,
    world,
    startKarpenter: cluster => startStandInKarpenter(cluster, context),
  };
};

import { openBackground } from "../background";
import { asFault, type Failures, planFailures } from "../fault";
import type { Answer, Asked } from "../http";
import { openApi } from "../openApi";
import * as addOns from "./addOns";
import { answerScaling } from "./autoScaling";
import { answerParameter, describeSubnets } from "./catalogue";
import * as clusters from "./clusters";
import type { AwsContext } from "./context";
import { answerEks } from "./eks";
import { openFront } from "./front";
import * as nodeGroups from "./nodeGroups";
import { answerXml, errorXml } from "./query";
import { openState } from "./state";

export interface StandInAws {
  /** For AWS_ENDPOINT_URL: AWS's own SDKs go here instead. */
  readonly endpoint: string;
  readonly region: string;
  readonly failures: Pick<Failures, "plan" | "clear">;
  /** What a client of the stand-in finds of Auto Scaling groups, for tests that look behind. */
  readonly state: AwsContext["state"];
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

const answerQuery = async (context: AwsContext, asked: Asked): Promise<Answer> => {
  const headers = { "content-type": "text/xml" };
  const form = new URLSearchParams(asked.body);
  try {
    if (form.get("Action") === "DescribeSubnets")
      return { status: 200, headers, body: describeSubnets(context, form) };
    const { action, result } = await answerScaling(context, form);
    return { status: 200, headers, body: answerXml(action, result) };
  } catch (error) {
    const { name, message, status } = asFault(error, "ServerException");
    return { status, headers, body: errorXml(name, message) };
  }
};

/** EKS has its paths; at the root Systems Manager takes JSON, Auto Scaling and EC2 take forms. */
const answer = (context: AwsContext, asked: Asked): Promise<Answer> => {
  if (asked.url.pathname !== "/") return Promise.resolve(answerJson(() => answerEks(context, asked)));
  const target = asked.headers["x-amz-target"];
  if (typeof target !== "string") return answerQuery(context, asked);
  return Promise.resolve(answerJson(() => answerParameter(target, asked.body)));
};

/** What an earlier one made is served again; what it was making is begun again. */
const takeUp = async (context: AwsContext): Promise<void> => {
  for (const cluster of Object.values(context.state.clusters)) {
    if (cluster.status === "ACTIVE") context.fronts.set(cluster.name, await openFront(cluster.name));
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
  const context: AwsContext = { ...openState(folder), region, failures, background, fronts: new Map() };
  await takeUp(context);
  const api = await openApi(asked => answer(context, asked), context);
  return {
    ...api,
    region,
    failures,
    state: context.state,
  };
};

import { openBackground } from "../background";
import { asFault, type Failures, Fault, planFailures } from "../fault";
import type { Answer, Asked } from "../http";
import { openApi } from "../openApi";
import { type Account, openAccount } from "./account";
import * as clusters from "./clusters";
import type { GcpContext } from "./context";
import * as nodePools from "./nodePools";
import { answerGcp } from "./routes";
import { openState } from "./state";
import { isToken } from "./token";

export interface StandInGcp {
  /** Where GKE and Compute Engine answer, each under its own path. */
  readonly endpoint: string;
  readonly failures: Pick<Failures, "plan" | "hold" | "clear">;
  /** Quotas, permissions and what else belongs to the project: tests change it in place. */
  readonly account: Account;
  /** What a client of the stand-in finds, for tests that look behind. */
  readonly state: GcpContext["state"];
  /** Ends the API. Labs behind it stay until the cluster is deleted or `destroyLab`. */
  readonly close: () => Promise<void>;
}

export interface StandInOptions {
  /** Where it keeps what it was asked for. */
  readonly folder: string;
  readonly project: string;
  readonly region: string;
}

const checkCaller = ({ headers }: Asked): void => {
  if (!isToken(headers.authorization))
    throw new Fault("UNAUTHENTICATED", "Request had invalid authentication credentials.", 401);
};

/** Errors as Google's APIs write them: https://cloud.google.com/apis/design/errors */
const answer = (context: GcpContext, asked: Asked): Answer => {
  const headers = { "content-type": "application/json" };
  try {
    checkCaller(asked);
    return { status: 200, headers, body: JSON.stringify(answerGcp(context, asked)) };
  } catch (error) {
    const { name, message, status } = asFault(error, "INTERNAL");
    return { status, headers, body: JSON.stringify({ error: { code: status, message, status: name } }) };
  }
};

/** What an earlier one made is served again; what it was making is begun again, as a new operation. */
const takeUp = async (context: GcpContext): Promise<void> => {
  for (const operation of Object.values(context.state.operations)) operation.status = "DONE";
  for (const cluster of Object.values(context.state.clusters)) {
    if (cluster.status === "RUNNING") await clusters.serve(context, cluster);
    if (cluster.status === "PROVISIONING") clusters.raise(context, cluster);
  }
  for (const pool of Object.values(context.state.pools))
    if (pool.status === "PROVISIONING") nodePools.raise(context, pool);
};

/** A stand-in for the part of Google Cloud that a GKE stack uses; clusters are labs on this machine. */
export const startStandInGcp = async ({ folder, project, region }: StandInOptions): Promise<StandInGcp> => {
  const failures = planFailures();
  const background = openBackground();
  const context: GcpContext = {
    ...openState(folder),
    ...{ project, region, failures, background },
    account: openAccount(),
    fronts: new Map(),
  };
  await takeUp(context);
  const api = await openApi(asked => Promise.resolve(answer(context, asked)), context);
  return {
    ...api,
    failures,
    account: context.account,
    state: context.state,
  };
};

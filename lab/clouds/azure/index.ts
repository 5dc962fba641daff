import { openBackground } from "../background";
import { asFault, type Failures, Fault, planFailures } from "../fault";
import type { Answer, Asked } from "../http";
import { openApi } from "../openApi";
import { type Account, openAccount } from "./account";
import * as agentPools from "./agentPools";
import * as clusters from "./clusters";
import type { AzureContext, Outcome } from "./context";
import { answerAzure } from "./routes";
import { openState } from "./state";
import { IDENTITY_HEADER, isToken, issueToken } from "./token";

export interface StandInAzure {
  /** Where Azure Resource Manager answers. */
  readonly endpoint: string;
  readonly subscription: string;
  /** Where a managed identity gets its tokens. */
  readonly identity: string;
  readonly failures: Pick<Failures, "plan" | "hold" | "clear">;
  /** Quotas, roles and what else belongs to the subscription: tests change it in place. */
  readonly account: Account;
  /** What a client of the stand-in finds, for tests that look behind. */
  readonly state: AzureContext["state"];
  /** Ends the API. Labs behind it stay until the cluster is deleted or `destroyLab`. */
  readonly close: () => Promise<void>;
}

export interface StandInOptions {
  /** Where it keeps what it was asked for. */
  readonly folder: string;
  readonly subscription: string;
  /** Resource group. */
  readonly group: string;
}

const IDENTITY_PATH = "/identity/token";
const JSON_TYPE = { "content-type": "application/json" };

const identityAnswer = ({ headers, url }: Asked): Answer => {
  if (headers["x-identity-header"] !== IDENTITY_HEADER)
    throw new Fault("invalid_request", "X-IDENTITY-HEADER is another one.", 401);
  const body = JSON.stringify(issueToken(url.searchParams.get("resource") ?? ""));
  return { status: 200, headers: JSON_TYPE, body };
};

const checkCaller = ({ headers }: Asked): void => {
  if (!isToken(headers.authorization))
    throw new Fault("InvalidAuthenticationToken", "The access token is invalid.", 401);
};

/** As ARM tells of a change that goes on: learn.microsoft.com/azure/azure-resource-manager/management/async-operations */
const headersOf = (
  { subscription }: AzureContext,
  { operation }: Outcome,
  { headers: { host = "" } }: Asked,
): Record<string, string> => {
  if (operation === undefined) return JSON_TYPE;
  const path = `/subscriptions/${subscription}/providers/Microsoft.ContainerService/locations/here/operations/${operation.name}`;
  const address = `http://${host}${path}?api-version=2017-08-31`;
  return { ...JSON_TYPE, "azure-asyncoperation": address };
};

const answer = async (context: AzureContext, asked: Asked): Promise<Answer> => {
  try {
    if (asked.url.pathname === IDENTITY_PATH) return identityAnswer(asked);
    checkCaller(asked);
    const outcome = await answerAzure(context, asked);
    const headers = headersOf(context, outcome, asked);
    return { status: outcome.status, headers, body: JSON.stringify(outcome.body) };
  } catch (error) {
    const { name: code, message, status } = asFault(error, "InternalServerError");
    return { status, headers: JSON_TYPE, body: JSON.stringify({ error: { code, message } }) };
  }
};

/** What an earlier one made is served again; what it was making is begun again, as a new operation. */
const takeUp = async (context: AzureContext): Promise<void> => {
  for (const operation of Object.values(context.state.operations)) operation.status = "Succeeded";
  for (const cluster of Object.values(context.state.clusters)) {
    if (cluster.provisioningState === "Succeeded") await clusters.serve(context, cluster);
    if (cluster.provisioningState === "Creating") clusters.raise(context, cluster);
  }
  for (const pool of Object.values(context.state.pools))
    if (pool.provisioningState === "Creating") agentPools.raise(context, pool);
};

/** A stand-in for the part of Azure that an AKS stack uses; clusters are labs on this machine. */
export const startStandInAzure = async (options: StandInOptions): Promise<StandInAzure> => {
  const { folder, subscription, group } = options;
  const failures = planFailures();
  const context: AzureContext = {
    ...openState(folder),
    ...{ subscription, group, failures },
    account: openAccount(),
    background: openBackground(),
    fronts: new Map(),
  };
  await takeUp(context);
  const api = await openApi(asked => answer(context, asked), context);
  return {
    ...api,
    subscription,
    identity: `${api.endpoint}${IDENTITY_PATH}`,
    failures,
    account: context.account,
    state: context.state,
  };
};

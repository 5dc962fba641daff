import type { Asked } from "../http";
import { answerAccount } from "./accountRoutes";
import {
  deleteMachines,
  deletePool,
  describePool,
  listPools,
  machinesOf,
  type Names,
  putPool,
} from "./agentPools";
import { deleteCluster, describeCluster, listUserCredential, putCluster } from "./clusters";
import { type AzureContext, describeOperation, mustCluster, mustPool, ok, type Outcome } from "./context";
import { notCovered, notFound } from "./rules";

interface Call {
  readonly context: AzureContext;
  /** Names in the path after the resource group, in order. */
  readonly names: readonly string[];
  readonly body: never;
  readonly etag?: string;
}

interface Route {
  readonly action: string;
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (call: Call) => Outcome | Promise<Outcome>;
}

const SUBSCRIPTION = "^/subscriptions/([^/]+)";
const PROVIDER = "/providers/Microsoft\\.ContainerService";
const CLUSTER = `${SUBSCRIPTION}/resourceGroups/([^/]+)${PROVIDER}/managedClusters/([^/]+)`;
const POOL = `${CLUSTER}/agentPools/([^/]+)`;

const first = ({ names }: Call): string => names[0] ?? "";
const pair = ({ names }: Call): Names => [names[0] ?? "", names[1] ?? ""];

type Row = readonly [action: string, method: string, path: string, answer: Route["answer"]];

/** Paths of Azure Resource Manager for Microsoft.ContainerService, as far as a stack and its gates call them. */
const ROWS: readonly Row[] = [
  [
    ...(["GetCluster", "GET", `${CLUSTER}$`] as const),
    call => ok(describeCluster(call.context, mustCluster(call.context, first(call)))),
  ],
  ["PutCluster", "PUT", `${CLUSTER}$`, call => putCluster(call.context, first(call), call.body)],
  ["DeleteCluster", "DELETE", `${CLUSTER}$`, call => deleteCluster(call.context, first(call))],
  [
    ...(["ListUserCredential", "POST", `${CLUSTER}/listClusterUserCredential$`] as const),
    call => listUserCredential(call.context, first(call)),
  ],
  [
    ...(["GetPool", "GET", `${POOL}$`] as const),
    call => ok(describePool(call.context, mustPool(call.context, ...pair(call)))),
  ],
  [
    ...(["PutPool", "PUT", `${POOL}$`] as const),
    call => putPool(call.context, pair(call), { ...(call.body as object), ...etag(call) }),
  ],
  ["ListPools", "GET", `${CLUSTER}/agentPools$`, call => listPools(call.context, first(call))],
  ["DeletePool", "DELETE", `${POOL}$`, call => deletePool(call.context, pair(call))],
  ["ListMachines", "GET", `${POOL}/machines$`, call => machinesOf(call.context, pair(call))],
  [
    ...(["DeleteMachines", "POST", `${POOL}/deleteMachines$`] as const),
    call => deleteMachines(call.context, pair(call), call.body),
  ],
  [
    ...(["GetOperation", "GET", `${SUBSCRIPTION}${PROVIDER}/locations/([^/]+)/operations/([^/]+)$`] as const),
    call => ok(describeOperation(call.context, first(call))),
  ],
];

const etag = ({ etag: value }: Call): { readonly etag?: string } =>
  value === undefined ? {} : { etag: value };

const ROUTES: readonly Route[] = ROWS.map(([action, method, path, answer]) => ({
  ...{ action, method, answer },
  path: new RegExp(path, "i"),
}));

const checkPlace = (context: AzureContext, subscription: string, group: string): void => {
  if (subscription !== context.subscription) notFound(`subscription ${subscription}`);
  if (group !== context.group) notFound(`resource group ${group}`);
};

const matchOf = (route: Route, pathname: string): readonly string[] =>
  (route.path.exec(pathname) ?? []).slice(1).map(decodeURIComponent);

const bodyOf = ({ body }: Asked): never => (body === "" ? undefined : JSON.parse(body)) as never;

const findRoute = ({ method, url }: Asked): Route =>
  ROUTES.find(one => one.method === method && one.path.test(url.pathname)) ??
  notCovered(`${method} ${url.pathname}`);

export const answerAzure = async (context: AzureContext, asked: Asked): Promise<Outcome> => {
  const { url } = asked;
  if (!url.searchParams.has("api-version")) return notCovered("a call without api-version");
  return answerAccount(context, asked) ?? answerGroup(context, asked);
};

const answerGroup = async (context: AzureContext, asked: Asked): Promise<Outcome> => {
  const { url, headers } = asked;
  const route = findRoute(asked);
  const [subscription = "", group = "", ...names] = matchOf(route, url.pathname);
  checkPlace(context, subscription, route.action === "GetOperation" ? context.group : group);
  context.failures.check(route.action, names.at(-1) ?? "");
  const tag = headers["if-match"];
  return route.answer({ context, names, body: bodyOf(asked), ...(tag === undefined ? {} : { etag: tag }) });
};

import { REGIONS } from "./account";
import { answerAccount } from "./accountRoutes";
import {
  createCluster,
  type CreateCluster,
  deleteCluster,
  describeCluster,
  setMaintenancePolicy,
  updateCluster,
} from "./clusters";
import { findOperation, type GcpContext, mustCluster, mustPool, poolsOf } from "./context";
import { deleteInstances, describeGroup, resizeGroup } from "./groups";
import { changePool, createPool, type CreatePool, deletePool, describePool } from "./nodePools";
import { serverConfig } from "./catalogue";
import { notCovered, notFound, refuseBy } from "./rules";
import { upgradeInfo } from "./stages";

interface Call {
  readonly context: GcpContext;
  /** Names in the path after project and place, in order. */
  readonly names: readonly string[];
  readonly zone: string;
  readonly body: never;
  readonly query: URLSearchParams;
}

interface Route {
  readonly action: string;
  readonly method: string;
  readonly path: RegExp;
  readonly answer: (call: Call) => object;
}

const LOCATION = "^/v1/projects/([^/]+)/locations/([^/]+)";
const CLUSTER = `${LOCATION}/clusters/([^/:]+)`;
const POOL = `${CLUSTER}/nodePools/([^/:]+)`;
const ZONE = "^/compute/v1/projects/([^/]+)/zones/([^/]+)";
const GROUP = `${ZONE}/instanceGroupManagers/([^/]+)`;

const first = ({ names }: Call): string => names[0] ?? "";
const pair = ({ names }: Call): readonly [string, string] => [names[0] ?? "", names[1] ?? ""];
const place = (call: Call): { zone: string; group: string } => ({ zone: call.zone, group: first(call) });
const change = (call: Call): object => changePool(call.context, pair(call), call.body);

type Row = readonly [action: string, method: string, path: string, answer: Route["answer"]];

/** Paths of the GKE API (v1) and of Compute Engine (v1), as far as a stack and its gates call them. */
const ROWS: readonly Row[] = [
  [
    ...(["CreateCluster", "POST", `${LOCATION}/clusters$`] as const),
    ({ context, body }) => createCluster(context, (body as { cluster: CreateCluster }).cluster),
  ],
  [
    ...(["GetCluster", "GET", `${CLUSTER}$`] as const),
    call => describeCluster(call.context, mustCluster(call.context, first(call))),
  ],
  [
    ...(["FetchClusterUpgradeInfo", "GET", `${CLUSTER}:fetchClusterUpgradeInfo$`] as const),
    call => upgradeInfo(mustCluster(call.context, first(call))),
  ],
  ["UpdateCluster", "PUT", `${CLUSTER}$`, call => updateCluster(call.context, first(call), call.body)],
  [
    ...(["SetMaintenancePolicy", "POST", `${CLUSTER}:setMaintenancePolicy$`] as const),
    call => setMaintenancePolicy(call.context, first(call), call.body),
  ],
  ["DeleteCluster", "DELETE", `${CLUSTER}$`, call => deleteCluster(call.context, first(call))],
  [
    "GetOperation",
    "GET",
    `${LOCATION}/operations/([^/]+)$`,
    call => findOperation(call.context, first(call)),
  ],
  ["GetServerConfig", "GET", `${LOCATION}/serverConfig$`, () => serverConfig()],
  [
    ...(["ListNodePools", "GET", `${CLUSTER}/nodePools$`] as const),
    ({ context, names: [name = ""] }) => ({
      nodePools: poolsOf(context, mustCluster(context, name).name).map(pool => describePool(context, pool)),
    }),
  ],
  [
    ...(["CreateNodePool", "POST", `${CLUSTER}/nodePools$`] as const),
    call => createPool(call.context, first(call), (call.body as { nodePool: CreatePool }).nodePool),
  ],
  [
    ...(["GetNodePool", "GET", `${POOL}$`] as const),
    call => describePool(call.context, mustPool(call.context, ...pair(call))),
  ],
  ["UpdateNodePool", "PUT", `${POOL}$`, change],
  ["SetNodePoolAutoscaling", "POST", `${POOL}:setAutoscaling$`, change],
  ["SetNodePoolManagement", "POST", `${POOL}:setManagement$`, change],
  ["DeleteNodePool", "DELETE", `${POOL}$`, call => deletePool(call.context, pair(call))],
  ["GetGroup", "GET", `${GROUP}$`, call => describeGroup(call.context, place(call))],
  [
    ...(["ResizeGroup", "POST", `${GROUP}/resize$`] as const),
    call => resizeGroup(call.context, place(call), Number(call.query.get("size"))),
  ],
  [
    ...(["DeleteInstances", "POST", `${GROUP}/deleteInstances$`] as const),
    call => deleteInstances(call.context, place(call), call.body),
  ],
  [
    "GetZoneOperation",
    "GET",
    `${ZONE}/operations/([^/]+)$`,
    call => findOperation(call.context, first(call)),
  ],
];

const ROUTES: readonly Route[] = ROWS.map(([action, method, path, answer]) => ({
  ...{ action, method, answer },
  path: new RegExp(path),
}));

/** What the failure plan is asked about: the object that a call would change or make. */
const subjectOf = (names: readonly string[], body: unknown): string =>
  (body as { nodePool?: { name?: string } } | undefined)?.nodePool?.name ?? names.at(-1) ?? "";

/** A region, or a zone of one. */
export const checkPlace = (context: GcpContext, project: string, where: string): void => {
  if (project !== context.project) notFound(`project ${project}`);
  if (!REGIONS.includes(where.replace(/-[a-z]$/, "")))
    refuseBy("locationExists", "INVALID_ARGUMENT", `Location "${where}" does not exist.`);
  if (!where.startsWith(context.region)) notFound(`location ${where}`);
};

export const answerGcp = (
  context: GcpContext,
  asked: { readonly method: string; readonly url: URL; readonly body: string },
): object => {
  const ofAccount = answerAccount(context, asked);
  return ofAccount ?? answerPlace(context, asked);
};

const answerPlace = (context: GcpContext, asked: Parameters<typeof answerGcp>[1]): object => {
  const { method, url } = asked;
  const route = ROUTES.find(one => one.method === method && one.path.test(url.pathname));
  if (route === undefined) return notCovered(`${method} ${url.pathname}`);
  const [project = "", zone = "", ...names] = (route.path.exec(url.pathname) ?? [])
    .slice(1)
    .map(decodeURIComponent);
  checkPlace(context, project, zone);
  const body = (asked.body === "" ? undefined : JSON.parse(asked.body)) as never;
  context.failures.check(route.action, subjectOf(names, body));
  return route.answer({ context, names, zone, body, query: url.searchParams });
};

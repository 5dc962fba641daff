import { projectQuotas, quotasOf, REGIONS } from "./account";
import type { GcpContext } from "./context";
import { machineTypeOf } from "./machines";
import { denyFor, notFound } from "./rules";

interface Call {
  readonly context: GcpContext;
  readonly names: readonly string[];
  readonly body: { readonly permissions?: readonly string[] };
  readonly query: URLSearchParams;
}

type Row = readonly [
  action: string,
  permission: string,
  method: string,
  path: RegExp,
  answer: (call: Call) => object,
];

/** The region this stand-in is in has these. */
const ZONES = ["b", "c", "d"];

const hasType = ({ account, region }: GcpContext, zone: string, type: string): boolean => {
  const letter = zone.replace(`${region}-`, "");
  const lacking = account.notInZone[letter] ?? [];
  return ZONES.includes(letter) && machineTypeOf(type) !== undefined && !lacking.includes(type);
};

const describeType = (zone: string, name: string): object => ({
  ...{ zone, name },
  guestCpus: Number(machineTypeOf(name)?.cpu),
});

const getType = ({ context, names: [zone = "", type = ""] }: Call): object =>
  hasType(context, zone, type)
    ? describeType(zone, type)
    : notFound(`projects/${context.project}/zones/${zone}/machineTypes/${type}`);

/** A zone without any is in the answer, too, with a warning in place of machine types. */
const listTypes = ({ context, query }: Call): object => {
  const [, type = ""] = /^name = (.+)$/.exec(query.get("filter") ?? "") ?? [];
  const zones = ZONES.map(letter => `${context.region}-${letter}`);
  const itemOf = (zone: string): object =>
    hasType(context, zone, type)
      ? { machineTypes: [describeType(zone, type)] }
      : { warning: { code: "NO_RESULTS_ON_PAGE" } };
  return { items: Object.fromEntries(zones.map(zone => [`zones/${zone}`, itemOf(zone)])) };
};

const ownProject = ({ context, names: [project = ""] }: Call): void => {
  if (project !== context.project) notFound(`project ${project}`);
};

/** Answers with those that the caller has: resource-manager/reference/rest/v1/projects/testIamPermissions. */
const onProject = (call: Call): object => {
  ownProject(call);
  const { permissions = [] } = call.body;
  return { permissions: permissions.filter(one => !call.context.account.denied.has(one)) };
};

const onServiceAccount = ({ context: { account }, body: { permissions = [] } }: Call): object => ({
  permissions: permissions.filter(one => !account.denied.has(one) || account.onServiceAccount.has(one)),
});

const COMPUTE = "^/compute/v1/projects/[^/]+";

/** Compute Engine v1, Cloud Resource Manager v1, IAM v1 and OAuth 2.0, as far as a preview asks them. */
const ROWS: readonly Row[] = [
  [
    ...(["GetRegion", "compute.regions.get", "GET"] as const),
    new RegExp(`${COMPUTE}/regions/([^/]+)$`),
    ({ context }) => ({ name: context.region, quotas: quotasOf(context.state, context.account) }),
  ],
  [
    ...(["ListRegions", "compute.regions.list", "GET"] as const),
    new RegExp(`${COMPUTE}/regions$`),
    () => ({ items: REGIONS.map(name => ({ name })) }),
  ],
  [
    ...(["GetProject", "compute.projects.get", "GET"] as const),
    new RegExp(`${COMPUTE}$`),
    ({ context }) => ({ name: context.project, quotas: projectQuotas(context.state, context.account) }),
  ],
  [
    ...(["GetMachineType", "compute.machineTypes.get", "GET"] as const),
    new RegExp(`${COMPUTE}/zones/([^/]+)/machineTypes/([^/]+)$`),
    getType,
  ],
  [
    ...(["ListMachineTypes", "compute.machineTypes.list", "GET"] as const),
    new RegExp(`${COMPUTE}/aggregated/machineTypes$`),
    listTypes,
  ],
  [
    ...(["GetSubnetwork", "compute.subnetworks.get", "GET"] as const),
    new RegExp(`${COMPUTE}/regions/[^/]+/subnetworks/([^/]+)$`),
    ({ context, names: [name = ""] }) => ({ name, ipCidrRange: context.account.nodeRange }),
  ],
  ["TestPermissions", "", "POST", /^\/v1\/projects\/([^/]+):testIamPermissions$/, onProject],
  [
    ...(["TestAccountPermissions", "", "POST"] as const),
    /^\/v1\/projects\/-\/serviceAccounts\/([^/]+):testIamPermissions$/,
    onServiceAccount,
  ],
  [
    ...(["TokenInfo", "", "POST"] as const),
    /^\/tokeninfo$/,
    ({ context }) => ({ expires_in: String(context.account.tokenLasts) }),
  ],
];

/** `undefined` = nothing of the account is asked for. */
export const answerAccount = (
  context: GcpContext,
  asked: { readonly method: string; readonly url: URL; readonly body: string },
): object | undefined => {
  const { method, url } = asked;
  const row = ROWS.find(([, , verb, path]) => verb === method && path.test(url.pathname));
  if (row === undefined) return undefined;
  const [action, permission, , path, answer] = row;
  const names = (path.exec(url.pathname) ?? []).slice(1).map(decodeURIComponent);
  context.failures.check(action, names.at(-1) ?? "");
  if (context.account.denied.has(permission)) denyFor(permission);
  const body = /^\{/.test(asked.body) ? (JSON.parse(asked.body) as Call["body"]) : {};
  return answer({ context, names, body, query: url.searchParams });
};

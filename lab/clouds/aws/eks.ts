import { ACCESS_ROUTES } from "./accessRoutes";
import { listAddOnVersions } from "./addOnCatalogue";
import {
  type ChangeAddOn,
  createAddOn,
  type CreateAddOn,
  deleteAddOn,
  describeAddOn,
  updateAddOn,
} from "./addOns";
import { clusterVersions } from "./catalogue";
import {
  createCluster,
  type CreateCluster,
  deleteCluster,
  describeCluster,
  updateClusterConfig,
  updateVersion,
} from "./clusters";
import { addOnsOf, type AwsContext, groupsOf, mustAddOn, mustCluster, mustGroup } from "./context";
import {
  type ChangeGroup,
  createGroup,
  type CreateGroup,
  deleteGroup,
  describeGroup,
  updateGroupConfig,
} from "./nodeGroups";
import type { Call, Route } from "./route";
import { notCovered, notFound } from "./rules";
import type { UpdateRecord } from "./state";
import { describeInsight, listInsights } from "./world/insights";
import { permit } from "./world/world";

const first = ({ names }: Call): string => names[0] ?? "";
const pair = ({ names }: Call): readonly [string, string] => [names[0] ?? "", names[1] ?? ""];

const findUpdate = (updates: readonly UpdateRecord[], id: string): object => ({
  update: updates.find(one => one.id === id) ?? notFound(`No update found for ID: ${id}`),
});

const updatedBy = ({ context, query }: Call, cluster: string): { updates: UpdateRecord[] } => {
  const [group, addOn] = [query.get("nodegroupName"), query.get("addonName")];
  if (addOn !== null) return mustAddOn(context, cluster, addOn);
  return group === null ? mustCluster(context, cluster) : mustGroup(context, cluster, group);
};

const describeUpdate = (call: Call): object => {
  const [cluster, id] = pair(call);
  return findUpdate(updatedBy(call, cluster).updates, id);
};

const CLUSTER = "^/clusters/([^/]+)";
const GROUP = `${CLUSTER}/node-groups/([^/]+)`;
const ADD_ON = `${CLUSTER}/addons/([^/]+)`;

/** Paths of the EKS API: https://docs.aws.amazon.com/eks/latest/APIReference/API_Operations.html */
const ROUTES: readonly Route[] = [
  ...ACCESS_ROUTES,
  {
    ...{ action: "DescribeClusterVersions", method: "GET", path: /^\/cluster-versions$/ },
    answer: ({ context }) => clusterVersions(context),
  },
  {
    ...{ action: "CreateCluster", method: "POST", path: /^\/clusters$/ },
    answer: ({ context, body }) => createCluster(context, body as CreateCluster),
  },
  {
    ...{ action: "DescribeCluster", method: "GET", path: new RegExp(`${CLUSTER}$`) },
    answer: call => ({ cluster: describeCluster(call.context, mustCluster(call.context, first(call))) }),
  },
  {
    ...{ action: "DeleteCluster", method: "DELETE", path: new RegExp(`${CLUSTER}$`) },
    answer: call => deleteCluster(call.context, first(call)),
  },
  {
    ...{ action: "UpdateClusterVersion", method: "POST", path: new RegExp(`${CLUSTER}/updates$`) },
    answer: call => updateVersion(call.context, first(call), (call.body as { version: string }).version),
  },
  {
    ...{ action: "UpdateClusterConfig", method: "POST", path: new RegExp(`${CLUSTER}/update-config$`) },
    answer: call => updateClusterConfig(call.context, first(call), call.body as Record<string, unknown>),
  },
  {
    ...{ action: "DescribeUpdate", method: "GET", path: new RegExp(`${CLUSTER}/updates/([^/]+)$`) },
    answer: describeUpdate,
  },
  {
    ...{ action: "ListInsights", method: "POST", path: new RegExp(`${CLUSTER}/insights$`) },
    answer: call => listInsights(call.context, first(call), call.body ?? {}),
  },
  {
    ...{ action: "DescribeInsight", method: "GET", path: new RegExp(`${CLUSTER}/insights/([^/]+)$`) },
    answer: call => describeInsight(call.context, ...pair(call)),
  },
  {
    ...{ action: "ListNodegroups", method: "GET", path: new RegExp(`${CLUSTER}/node-groups$`) },
    answer: call => ({ nodegroups: groupsOf(call.context, first(call)).map(group => group.name) }),
  },
  {
    ...{ action: "CreateNodegroup", method: "POST", path: new RegExp(`${CLUSTER}/node-groups$`) },
    answer: call => createGroup(call.context, first(call), call.body as CreateGroup),
  },
  {
    ...{ action: "DescribeNodegroup", method: "GET", path: new RegExp(`${GROUP}$`) },
    answer: call => ({ nodegroup: describeGroup(call.context, mustGroup(call.context, ...pair(call))) }),
  },
  {
    ...{ action: "DeleteNodegroup", method: "DELETE", path: new RegExp(`${GROUP}$`) },
    answer: call => deleteGroup(call.context, ...pair(call)),
  },
  {
    ...{ action: "UpdateNodegroupConfig", method: "POST", path: new RegExp(`${GROUP}/update-config$`) },
    answer: call => updateGroupConfig(call.context, pair(call), call.body as ChangeGroup),
  },
  {
    ...{ action: "DescribeAddonVersions", method: "GET", path: /^\/addons\/supported-versions$/ },
    answer: ({ query }) => listAddOnVersions(query),
  },
  {
    ...{ action: "ListAddons", method: "GET", path: new RegExp(`${CLUSTER}/addons$`) },
    answer: call => {
      mustCluster(call.context, first(call));
      return { addons: addOnsOf(call.context, first(call)).map(({ name }) => name) };
    },
  },
  {
    ...{ action: "CreateAddon", method: "POST", path: new RegExp(`${CLUSTER}/addons$`) },
    answer: call => createAddOn(call.context, first(call), call.body as CreateAddOn),
  },
  {
    ...{ action: "ListAddons", method: "GET", path: new RegExp(`${CLUSTER}/addons$`) },
    answer: call => ({
      addons: addOnsOf(call.context, first(call))
        .map(({ name }) => name)
        .sort(),
    }),
  },
  {
    ...{ action: "DescribeAddon", method: "GET", path: new RegExp(`${ADD_ON}$`) },
    answer: call => ({ addon: describeAddOn(call.context, mustAddOn(call.context, ...pair(call))) }),
  },
  {
    ...{ action: "UpdateAddon", method: "POST", path: new RegExp(`${ADD_ON}/update$`) },
    answer: call => updateAddOn(call.context, pair(call), call.body as ChangeAddOn),
  },
  {
    ...{ action: "DeleteAddon", method: "DELETE", path: new RegExp(`${ADD_ON}$`) },
    answer: call => deleteAddOn(call.context, pair(call), call.query.get("preserve") === "true"),
  },
];

/** What the failure plan is asked about: the object that a call would change or make. */
const subjectOf = (names: readonly string[], body: unknown): string =>
  named(body, "nodegroupName") ??
  named(body, "addonName") ??
  named(body, "principalArn") ??
  names.at(-1) ??
  "";

const named = (body: unknown, key: string): string | undefined =>
  (body as Readonly<Record<string, string>> | undefined)?.[key];

export const answerEks = (
  context: AwsContext,
  asked: { readonly method: string; readonly url: URL; readonly body: string },
): object => {
  const { method, url } = asked;
  const route = ROUTES.find(one => one.method === method && one.path.test(url.pathname));
  if (route === undefined) return notCovered(`${method} ${url.pathname} of the EKS API`);
  const names = (route.path.exec(url.pathname) ?? []).slice(1).map(decodeURIComponent);
  const body: unknown = asked.body === "" ? undefined : JSON.parse(asked.body);
  permit(context.world, `eks:${route.action}`);
  context.failures.check(route.action, subjectOf(names, body));
  return route.answer({ context, names, body, query: url.searchParams });
};

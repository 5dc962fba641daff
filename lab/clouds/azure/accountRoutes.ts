import { exactVersion, runnableMinors } from "../../../controlplane";
import { minorsBetween } from "../versions";
import { allows, describeSku, describeSubnet, LOCATIONS, usagesOf } from "./account";
import { type AzureContext, mustCluster, mustPool, ok, type Outcome } from "./context";
import { machineSizes, newestImage } from "./machines";
import { denyFor } from "./rules";

interface Call {
  readonly context: AzureContext;
  readonly names: readonly string[];
  readonly query: URLSearchParams;
}

type Row = readonly [action: string, needs: string, path: RegExp, answer: (call: Call) => object];

const planOf = ({ account }: AzureContext, minor: string): readonly string[] =>
  account.longTermOnly.has(minor) ? ["AKSLongTermSupport"] : ["KubernetesOfficial", "AKSLongTermSupport"];

/** REST method managedClusters.listKubernetesVersions. */
const listVersions = ({ context }: Call): object => ({
  values: runnableMinors().map(version => ({
    version,
    isPreview: context.account.previews.has(version) ? true : null,
    capabilities: { supportPlan: planOf(context, version) },
    patchVersions: { [exactVersion(version)]: { upgrades: [] } },
  })),
});

/** The next minor, and patches of the present one: what a managed cluster can be upgraded to (rest/api/aks/managed-clusters/get-upgrade-profile). */
const upgradesOf = (context: AzureContext, now: string): readonly object[] =>
  runnableMinors()
    .map(exactVersion)
    .filter(version => version !== now && [0, 1].includes(minorsBetween(now, version)))
    .filter(version => !context.account.noUpgradeTo.has(version))
    .map(kubernetesVersion => ({ kubernetesVersion }));

const getUpgradeProfile = ({ context, names: [name = ""] }: Call): object => {
  const { version } = mustCluster(context, name);
  const controlPlaneProfile = {
    kubernetesVersion: version,
    osType: "Linux",
    upgrades: upgradesOf(context, version),
  };
  return { name: "default", properties: { controlPlaneProfile, agentPoolProfiles: [] } };
};

/** The newest image that the pool could have: rest/api/aks/agent-pools/get-upgrade-profile */
const getPoolUpgradeProfile = ({ context, names: [cluster = "", pool = ""] }: Call): object => {
  const { version, properties } = mustPool(context, cluster, pool);
  const latestNodeImageVersion = newestImage(properties.osSKU);
  return {
    name: "default",
    properties: { kubernetesVersion: version, osType: "Linux", upgrades: [], latestNodeImageVersion },
  };
};

const listSkus = ({ context, query }: Call): object => {
  const [, location = ""] = /^location eq '([^']+)'$/.exec(query.get("$filter") ?? "") ?? [];
  return { value: machineSizes().map(one => describeSku(context.account, location, one)) };
};

/** All subnets that anybody here named. */
const listSubnets = ({ context, names: [network = ""] }: Call): object => {
  const named = Object.values(context.state.pools).flatMap(({ properties }) => [
    properties["vnetSubnetID"],
    properties["podSubnetID"],
  ]);
  const own = ["nodes", ...Object.keys(context.account.subnets)].map(name => `${network}/subnets/${name}`);
  const ids = [...named, ...own].filter(
    (id): id is string => typeof id === "string" && id.startsWith(network),
  );
  return { value: [...new Set(ids)].map(id => describeSubnet(context.state, context.account, id)) };
};

const SUBSCRIPTION = "^/subscriptions/[^/]+";
const AKS = "Microsoft\\.ContainerService";

const path = (text: string): RegExp => new RegExp(`${text}$`, "i");

/** Paths of Azure Resource Manager that a preview asks. */
const ROWS: readonly Row[] = [
  [
    ...(["ListVersions", "Microsoft.ContainerService/locations/kubernetesversions/read"] as const),
    path(`${SUBSCRIPTION}/providers/${AKS}/locations/([^/]+)/kubernetesVersions`),
    listVersions,
  ],
  [
    ...(["GetProvider", "Microsoft.Resources/subscriptions/providers/read"] as const),
    path(`${SUBSCRIPTION}/providers/${AKS}`),
    () => ({
      namespace: "Microsoft.ContainerService",
      registrationState: "Registered",
      resourceTypes: [{ resourceType: "managedClusters", locations: LOCATIONS }],
    }),
  ],
  [
    ...(["GetUpgradeProfile", "Microsoft.ContainerService/managedClusters/upgradeProfiles/read"] as const),
    path(
      `${SUBSCRIPTION}/resourceGroups/[^/]+/providers/${AKS}/managedClusters/([^/]+)/upgradeProfiles/default`,
    ),
    getUpgradeProfile,
  ],
  [
    ...([
      "GetPoolUpgradeProfile",
      "Microsoft.ContainerService/managedClusters/agentPools/upgradeProfiles/read",
    ] as const),
    path(
      `${SUBSCRIPTION}/resourceGroups/[^/]+/providers/${AKS}/managedClusters/([^/]+)/agentPools/([^/]+)/upgradeProfiles/default`,
    ),
    getPoolUpgradeProfile,
  ],
  [
    ...(["ListUsages", "Microsoft.Compute/locations/usages/read"] as const),
    path(`${SUBSCRIPTION}/providers/Microsoft\\.Compute/locations/([^/]+)/usages`),
    ({ context }) => ({ value: usagesOf(context.state, context.account) }),
  ],
  [
    ...(["ListSkus", "Microsoft.Compute/skus/read"] as const),
    path(`${SUBSCRIPTION}/providers/Microsoft\\.Compute/skus`),
    listSkus,
  ],
  [
    ...(["ListSubnets", "Microsoft.Network/virtualNetworks/usages/read"] as const),
    path(`(${SUBSCRIPTION}/resourceGroups/[^/]+/providers/Microsoft\\.Network/virtualNetworks/[^/]+)/usages`),
    listSubnets,
  ],
  [
    ...(["ListPermissions", "Microsoft.Authorization/permissions/read"] as const),
    path(`(${SUBSCRIPTION}/resourceGroups/.+)/providers/Microsoft\\.Authorization/permissions`),
    ({ context }) => ({ value: context.account.grants }),
  ],
];

/** `undefined` = nothing of the subscription is asked for. */
export const answerAccount = (
  context: AzureContext,
  { method, url }: { readonly method: string; readonly url: URL },
): Outcome | undefined => {
  const row = ROWS.find(([, , shape]) => method === "GET" && shape.test(url.pathname));
  if (row === undefined) return undefined;
  const [action, needs, shape, answer] = row;
  const names = (shape.exec(url.pathname) ?? []).slice(1).map(decodeURIComponent);
  context.failures.check(action, names.at(-1) ?? "");
  if (!allows(context.account, needs)) denyFor(needs);
  return ok(answer({ context, names, query: url.searchParams }));
};

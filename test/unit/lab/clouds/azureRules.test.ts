import { openBackground } from "../../../../lab/clouds/background";
import { deletePool, putPool } from "../../../../lab/clouds/azure/agentPools";
import { putCluster } from "../../../../lab/clouds/azure/clusters";
import { openAccount } from "../../../../lab/clouds/azure/account";
import type { AzureContext } from "../../../../lab/clouds/azure/context";
import type { RULES } from "../../../../lab/clouds/azure/rules";
import type { AzureState, PoolProperties } from "../../../../lab/clouds/azure/state";
import { planFailures } from "../../../../lab/clouds/fault";
import { describeRefusals, type Refusals } from "../../../support/metRules";

const MACHINE = "Standard_D4s_v5";

const pool = (name: string, mode: string): object => ({
  ...{
    cluster: "c",
    name,
    version: "1.36.4",
    nodeImageVersion: "i",
    provisioningState: "Succeeded",
    revision: 1,
  },
  properties: { mode, count: 2, vmSize: MACHINE },
});

const context = (more: { readonly version?: string; readonly operations?: object } = {}): AzureContext => ({
  state: {
    clusters: {
      c: {
        ...{
          name: "c",
          location: "westeurope",
          version: more.version ?? "1.36.4",
          provisioningState: "Succeeded",
        },
        ...{ settings: {}, properties: {} },
      },
    },
    pools: { "c/system": pool("system", "System"), "c/workers": pool("workers", "User") },
    operations: more.operations ?? {},
  } as AzureState,
  save: () => undefined,
  subscription: "11111111-2222-3333-4444-555555555555",
  group: "rg",
  failures: planFailures(),
  account: openAccount(),
  background: openBackground(),
  fronts: new Map(),
});

const put = (name: string, properties: PoolProperties, etag?: string) => () =>
  putPool(context(), ["c", name], {
    properties: { vmSize: MACHINE, ...properties },
    ...(etag === undefined ? {} : { etag }),
  });

const trailing = (version: string, orchestratorVersion: string) => () =>
  putPool(context({ version }), ["c", "new"], { properties: { vmSize: MACHINE, orchestratorVersion } });

const update =
  (properties: Parameters<typeof putCluster>[2]["properties"], more = {}) =>
  () =>
    putCluster(context(more), "c", { location: "westeurope", properties });

const REFUSALS: Refusals<typeof RULES> = {
  locationOffered: () => putCluster(context(), "d", { location: "westeurope9", properties: {} }),
  birthPool: () => putCluster(context(), "d", { location: "westeurope", properties: {} }),
  noNewPoolInline: update({ agentPoolProfiles: [{ name: "new" }] }),
  inlineVersions: update({ agentPoolProfiles: [{ name: "workers", orchestratorVersion: "1.36.4" }] }),
  oneMinor: update({ kubernetesVersion: "1.35" }),
  poolsTrailThree: trailing("1.39.0", "1.35.8"),
  poolNotNewer: trailing("1.35.8", "1.36.4"),
  oneOperation: update(
    {},
    { operations: { x: { name: "x", cluster: "c", what: "Upgrading", status: "InProgress" } } },
  ),
  poolName: put("workers-2", {}),
  fixedAtBirth: put("workers", { vmSize: "Standard_D8s_v5" }),
  systemPool: () => deletePool(context(), ["c", "system"]),
  systemPoolNode: put("new", { mode: "System", count: 0 }),
  boundsInOrder: put("new", { count: 1, minCount: 1 }),
  etag: put("workers", {}, "revision-0"),
};

describeRefusals("Azure", REFUSALS);

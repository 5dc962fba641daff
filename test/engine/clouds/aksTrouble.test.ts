import { AUTHORIZATION } from "../../../lab/clouds/azure/token";
import { Fault } from "../../../lab/clouds/fault";
import {
  aksCluster,
  aksPool,
  type AksStack,
  group,
  openAksStack,
  subscription,
} from "../../support/aksStack";
import { describeCloudTrouble } from "../../support/cloudTrouble";
import { until } from "../../support/processes";

const NAME = "aks-trouble";
const VERSIONS: Readonly<Record<string, string>> = { "1.35": "1.35.8", "1.36": "1.36.4" };
const PATH = `/subscriptions/${subscription}/resourceGroups/${group}/providers/Microsoft.ContainerService/managedClusters/${NAME}`;

const versionOf = (minor: string): string => VERSIONS[minor] ?? "";

/** Its one pool is a system pool. */
const cluster = (minor: string): Record<string, unknown> => {
  const { aks, ...rest } = aksCluster(NAME, versionOf(minor)) as { readonly aks: object };
  return { ...rest, aks: { ...aks, systemPools: ["workers"] } };
};

/** By Azure Resource Manager, as others than the stack would; 409 = it is not their turn yet. */
const put = async ({ azure }: AksStack, path: string, body: object): Promise<void> => {
  const send = async (): Promise<boolean> => {
    const headers = { authorization: AUTHORIZATION, "content-type": "application/json" };
    const url = `${azure.endpoint}${path}?api-version=2025-09-01`;
    const answer = await fetch(url, { method: "PUT", headers, body: JSON.stringify(body) });
    if (!answer.ok && answer.status !== 409) throw new Error(await answer.text());
    return answer.ok;
  };
  await until(send, { ms: 60_000, describe: () => "its turn does not come" });
};

const upgrades = ({ azure }: AksStack) =>
  Object.values(azure.state.operations).filter(({ what }) => what === "Upgrading");

jest.setTimeout(900_000);

describeCloudTrouble("an AKS stack in trouble, on a stand-in for Azure", {
  name: NAME,
  open: openAksStack,
  cluster,
  workers: minor => ({ ...aksPool({ min: 2, max: 4 }), version: versionOf(minor) }),
  type: "azure-native:containerservice:AgentPool",
  making: "AgentPoolMachines",
  id: /\/managedClusters\/aks-trouble\/agentPools\/wor[a-z0-9]{9}$/,
  failures: ({ azure }) => azure.failures,
  moveAhead: async aks => {
    const found = aks.azure.state.clusters[NAME];
    if (found === undefined) throw new Error("no cluster");
    const { location, settings, properties } = found;
    const moved = { ...properties, kubernetesVersion: versionOf("1.36") };
    await put(aks, PATH, { ...settings, location, properties: moved });
    const isThrough = (): boolean => upgrades(aks).every(({ status }) => status === "Succeeded");
    await until(isThrough, { ms: 120_000, describe: () => upgrades(aks) });
  },
  moves: aks => upgrades(aks).length,
  pools: ({ azure }) =>
    Object.values(azure.state.pools).map(({ version, provisioningState, properties }) => {
      const { count: _count, ...rest } = properties;
      return {
        minor: version.slice(0, 4),
        settings: structuredClone({ ...rest, provisioningState }),
      };
    }),
  throttled: {
    fault: new Fault("TooManyRequests", "The request is being throttled as the limit has been reached.", 429),
    actions: ["GetPool", "PutPool", "GetOperation"],
  },
  // What its autoscaler does to the scale set shows as the pool's count.
  autoscale: async (aks, minor, size) => {
    const pool = Object.values(aks.azure.state.pools).find(({ version }) => version === versionOf(minor));
    if (pool === undefined) throw new Error(`no pool of ${minor}`);
    const properties = { ...pool.properties, count: size };
    await put(aks, `${PATH}/agentPools/${pool.name}`, { properties });
  },
  late: "comes",
  settling: /ManagedCluster|AksBirth/,
});

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { agentPoolArgs } from "../../../components/clouds/aks/agentPoolArgs";
import { birthPool, clusterArgs } from "../../../components/clouds/aks/clusterArgs";
import { connectionOf, parseStack, type StackSpec } from "../../../core/config";
import { listNodes, openKube } from "../../../kube";
import { labKubeconfig } from "../../../lab";
import { type StandInAzure, startStandInAzure } from "../../../lab/clouds/azure";
import { standInEnvironment } from "../../../lab/clouds/azure/environment";
import { agentPoolKind } from "../../../lab/clouds/azure/plugin/agentPool";
import { openClient } from "../../../lab/clouds/azure/plugin/client";
import { clusterKind } from "../../../lab/clouds/azure/plugin/managedCluster";
import { AUTHORIZATION } from "../../../lab/clouds/azure/token";
import type { Props } from "../../../lab/clouds/plugin/kind";
import type { PoolChange } from "../../../operations/ports";
import { aksCluster, aksPool, group, subscription } from "../../support/aksStack";
import { type CloudUnderTest, describeCloudContract } from "../../support/cloudContract";
import { openLiveProcess } from "../../support/liveProcess";
import { useTemporaryLabs } from "../../support/temporaryLabs";

useTemporaryLabs();

const parsed = (name: string): StackSpec => {
  const size = { min: 1, max: 2 };
  const old = { ...aksPool(size), image: "AKSUbuntu-2204gen2containerd-202601.10.0" };
  const pools = { old, system: aksPool(size), workers: aksPool({ min: 2, max: 4 }) };
  const stack = parseStack({ cluster: aksCluster(name, "1.36.4"), backup: { kind: "none" }, pools });
  if (!stack.ok) throw new Error(JSON.stringify(stack.problems));
  return stack.value;
};

interface AksUnderTest extends CloudUnderTest {
  readonly azure: StandInAzure;
}

const openAks = async (name: string): Promise<AksUnderTest> => {
  const { cluster, pools } = parsed(name);
  const folder = mkdtempSync(join(tmpdir(), "changeover-azure-"));
  const azure = await startStandInAzure({ folder, subscription, group });
  const child = openLiveProcess("aks", standInEnvironment(azure, folder, process.env["PATH"] ?? ""));
  const client = openClient({ endpoint: azure.endpoint, authorization: AUTHORIZATION });
  const inputs = { ...clusterArgs(cluster), agentPoolProfiles: birthPool(cluster) };
  await clusterKind(client, subscription).create(inputs);
  const connection = connectionOf(cluster);
  return {
    azure,
    live: child.live,
    connection,
    kubeconfig: labKubeconfig(cluster.name) ?? "",
    makePool: async ({ pool, generation }, size) => {
      const spec = pools.find(one => one.name === pool);
      if (spec === undefined) throw new Error("no pool");
      const args = { cluster, connection, pool, generation, active: true, spec: { ...spec, size } };
      await agentPoolKind(client, subscription).create(agentPoolArgs(args) as unknown as Props);
    },
    close: async () => {
      child.close();
      await azure.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

describeCloudContract("aks", () => openAks("contract-aks"));

describe("what only AKS asks of its live half", () => {
  let under: AksUnderTest;

  beforeAll(async () => {
    under = await openAks("aks-rules");
  });

  afterAll(async () => {
    await under.close();
  });

  const change = (pool: string): PoolChange => ({
    ...{ pool, generation: `${pool}-1-36-abcdef`, connection: under.connection },
    log: () => undefined,
    signal: AbortSignal.timeout(600_000),
  });

  const modes = (): readonly string[] =>
    Object.values(under.azure.state.pools).map(
      ({ name, properties }) => `${name.slice(0, 5)} ${properties.mode ?? ""}`,
    );

  it("ends the pool that the cluster was born with once a system pool is open, not before", async () => {
    await under.makePool(change("workers"), { min: 0, max: 2 });
    await under.live.openPool(change("workers"));
    expect(modes()).toContain("birth System");
    await under.makePool(change("system"), { min: 1, max: 2 });
    await under.live.openPool(change("system"));
    expect(modes().filter(mode => mode.endsWith("System"))).toEqual([expect.stringMatching(/^sys/)]);
  });

  it("sets the bounds of an open pool, and not those of one that is being left", async () => {
    const boundsOf = (): object =>
      Object.values(under.azure.state.pools).find(({ name }) => name.startsWith("wor"))?.properties ?? {};
    await under.live.boundPool?.(change("workers"), { min: 1, max: 3 });
    expect(boundsOf()).toMatchObject({ minCount: 1, maxCount: 3, count: 1 });
    await under.live.closePool(change("workers"));
    await under.live.boundPool?.(change("workers"), { min: 2, max: 4 });
    expect(boundsOf()).toMatchObject({ enableAutoScaling: false, count: 1 });
    await under.live.openPool(change("workers"));
    expect(boundsOf()).toMatchObject({ enableAutoScaling: true, minCount: 1, maxCount: 3 });
  });

  it("leaves a system pool its last machine, which goes with the pool", async () => {
    const kube = await openKube({ kubeconfig: under.kubeconfig });
    const nodes = await listNodes(kube, { labels: { "changeover.dev/pool": "system" } });
    await kube.close();
    await under.live.closePool(change("system"));
    await under.live.releaseNodes(
      change("system"),
      nodes.map(({ name }) => name),
    );
    expect(await under.live.poolSize(change("system"))).toBe(1);
  });

  it("refuses a pool whose nodes run another image than config names", async () => {
    await under.makePool(change("old"), { min: 1, max: 2 });
    await expect(under.live.poolSize(change("old"))).rejects.toThrow(/Aks\.OtherImage/);
  });

  it("waits for its turn while AKS does something else to the cluster", async () => {
    const both = [under.live.closePool(change("workers")), under.live.closePool(change("system"))];
    await Promise.all(both);
    expect(
      Object.values(under.azure.state.pools)
        .filter(({ name }) => /^(wor|sys)/.test(name))
        .map(({ properties }) => properties.enableAutoScaling),
    ).toEqual([false, false]);
  });
});

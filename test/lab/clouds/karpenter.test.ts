import { ensureMachines } from "../../../components/clouds/eks/live/karpenter/ensure";
import { PATH } from "../../../components/clouds/eks/live/karpenter/objects";
import { removeMachines } from "../../../components/clouds/eks/live/karpenter/remove";
import { listAll, listNodes, type NodeView } from "../../../kube";
import { labKubeconfig } from "../../../lab";
import type { PoolChange } from "../../../operations/ports";
import { type CloudUnderTest, describeCloudContract } from "../../support/cloudContract";
import { type KarpenterCluster, openKarpenterCluster } from "../../support/karpenterCluster";
import { eventually, useTemporaryLabs } from "../../support/temporaryLabs";
import { applyBudget, applyDeployment, untilReady } from "../../support/workloads";

const NAME = "karpenter-live";
const PATIENT = { consolidateAfter: "Never" };

useTemporaryLabs();
jest.setTimeout(300_000);

let opened: Promise<KarpenterCluster> | undefined;
const theCluster = (): Promise<KarpenterCluster> => (opened ??= openKarpenterCluster(NAME));

afterAll(async () => (await opened)?.close());

interface Pool {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: { readonly limits?: object; readonly disruption: { readonly budgets: object[] } };
}

const gatePorts = ({ kube }: KarpenterCluster, now = Date.now) => ({
  ...{ kube, now, log: () => undefined, signal: AbortSignal.timeout(120_000) },
});

const openContract = async (): Promise<CloudUnderTest> => {
  const cluster = await theCluster();
  const { live, connection, objectsFor } = cluster;
  return {
    ...{ live, connection, kubeconfig: labKubeconfig(NAME) ?? "" },
    makePool: async ({ pool, generation }, size) => {
      const objects = objectsFor(generation, { size, karpenter: PATIENT });
      await ensureMachines(gatePorts(cluster), { ...objects, pool, generation });
      await live.resizePool({ connection, pool, generation } as PoolChange, size.min);
    },
    close: () => Promise.resolve(),
  };
};

describeCloudContract("eks, for a pool of Karpenter", openContract);

describe("a pool of Karpenter in a real cluster", () => {
  const BLUE = "workers-1-36-b1b1b1";
  const GREEN = "workers-1-36-9e9e9e";
  let cluster: KarpenterCluster;

  const pool = (generation: string): PoolChange =>
    ({ connection: cluster.connection, pool: "crew", generation }) as PoolChange;
  const ensure = (generation: string, changes: object = {}): Promise<void> =>
    ensureMachines(gatePorts(cluster), {
      ...withPool("crew", cluster.objectsFor(generation, changes)),
      ...{ pool: "crew", generation },
    });
  const remove = (generation: string): Promise<void> =>
    removeMachines(gatePorts(cluster), { pool: "crew", generation });
  /** Another pool than the contract's, so that neither closes the other. */
  const withPool = <T>(name: string, objects: T): T =>
    JSON.parse(JSON.stringify(objects).replaceAll('"workers"', `"${name}"`)) as T;

  const read = (generation: string): Promise<Pool> =>
    cluster.kube.request<Pool>({ method: "GET", path: `${PATH.pools}/${generation}` });
  const nodes = (generation: string): Promise<readonly NodeView[]> =>
    listNodes(cluster.kube, { labels: { "changeover.dev/generation": generation } });
  const untilNodes = (generation: string, count: number): Promise<readonly NodeView[]> =>
    eventually(`${count} nodes of ${generation}`, async () => {
      const found = (await nodes(generation)).filter(({ ready }) => ready);
      return found.length === count ? found : undefined;
    });
  const budget = async (generation: string): Promise<object[]> =>
    (await read(generation)).spec.disruption.budgets;

  beforeAll(async () => {
    cluster = await theCluster();
    const contracts = { pool: "workers", generation: "workers-1-36-abcdef" };
    await removeMachines(gatePorts(cluster), contracts);
  });

  it("refuses an image that is nowhere, by Karpenter's own words, and leaves nothing behind", async () => {
    cluster.aws.world.noImages.add("amazon-eks-node-al2023-x86_64-standard-1.36-v20261105");
    const [start, objects] = [Date.now(), cluster.objectsFor(BLUE)];
    const hurried = gatePorts(cluster, () => start + (Date.now() - start) * 20);
    const made = ensureMachines(hurried, { ...objects, pool: "crew", generation: BLUE });
    await expect(made).rejects.toThrow(/Karpenter\.NotReady.*AMISelector did not match any AMIs/);
    cluster.aws.world.noImages.clear();
    await expect(
      eventually("its class to go", async () => {
        const { items } = await listAll<{ metadata: { name: string } }>(cluster.kube, PATH.classes);
        return items.some(({ metadata }) => metadata.name === BLUE) ? undefined : true;
      }),
    ).resolves.toBe(true);
  });

  it("is born without growth of its own, and Karpenter takes nothing of it away", async () => {
    await ensure(BLUE);
    expect((await read(BLUE)).spec).toMatchObject({
      limits: { cpu: "0", nodes: "4" },
      disruption: { budgets: [{ nodes: "0" }] },
    });
    await cluster.live.resizePool(pool(BLUE), 2);
    const born = await untilNodes(BLUE, 2);
    expect(born.map(({ kubeletVersion }) => kubeletVersion)).toEqual(Array(2).fill("v1.36.4-eks-standin"));
  });

  it("open, it grows for pods that wait, and its nodes are no more than they need", async () => {
    await cluster.live.openPool(pool(BLUE));
    expect((await read(BLUE)).spec).toMatchObject({
      limits: { nodes: "4" },
      disruption: { budgets: [{ nodes: "10%" }] },
    });
    expect((await read(BLUE)).spec.limits).not.toHaveProperty("cpu");
    expect((await read(BLUE)).metadata.annotations).not.toHaveProperty("changeover.dev/prior");
    await untilNodes(BLUE, 0);
    await applyDeployment(cluster.kube, { name: "web", replicas: 2, maxUnavailable: 1 });
    await untilReady(cluster.kube, "web", 2);
    expect(await nodes(BLUE)).toHaveLength(1);
  });

  it("takes other bounds in place, without drift", async () => {
    const before = (await nodes(BLUE)).map(({ uid }) => uid);
    await ensure(BLUE, { size: { min: 1, max: 7 }, karpenter: { ...PATIENT, budget: "1" } });
    expect((await read(BLUE)).spec).toMatchObject({
      limits: { nodes: "7" },
      disruption: { budgets: [{ nodes: "1" }], consolidateAfter: "Never" },
    });
    expect((await nodes(BLUE)).map(({ uid }) => uid)).toEqual(before);
  });

  it("is held while another generation is made, closed once that one is open, and given back with its own bounds", async () => {
    await ensure(GREEN);
    expect(await budget(BLUE)).toEqual([{ nodes: "0" }]);
    await cluster.live.resizePool(pool(GREEN), 2);
    await untilNodes(GREEN, 2);
    await cluster.live.openPool(pool(GREEN));
    expect((await read(BLUE)).spec.limits).toMatchObject({ cpu: "0" });
    expect(await budget(GREEN)).toEqual([{ nodes: "0" }]);
    await cluster.live.reopenPool(pool(BLUE));
    expect((await read(BLUE)).spec.limits).toEqual({ nodes: "7" });
    expect((await read(GREEN)).spec.limits).not.toHaveProperty("cpu");
    await cluster.live.openPool(pool(BLUE));
    expect((await read(BLUE)).spec.limits).toEqual({ nodes: "7" });
    expect((await read(GREEN)).spec.limits).toMatchObject({ cpu: "0" });
    await remove(GREEN);
    expect((await read(BLUE)).spec.disruption.budgets).toEqual([{ nodes: "1" }]);
    expect(await nodes(GREEN)).toEqual([]);
  });

  it("goes with its machines, also with pods that a budget holds and Karpenter drains in vain, and its class last; gone is done", async () => {
    await applyBudget(cluster.kube, "web", 0);
    const [held] = (await listAll<{ metadata: { name: string } }>(cluster.kube, PATH.claims)).items;
    await cluster.kube.request({ method: "DELETE", path: `${PATH.claims}/${held?.metadata.name ?? ""}` });
    await remove(BLUE);
    expect(await nodes(BLUE)).toEqual([]);
    for (const path of [`${PATH.pools}/${BLUE}`, `${PATH.classes}/${BLUE}`])
      await expect(cluster.kube.request({ method: "GET", path })).rejects.toMatchObject({ kind: "notFound" });
    await remove(BLUE);
  });
});

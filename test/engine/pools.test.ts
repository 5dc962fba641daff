import type { KubeClient } from "../../kube";
import { type Audit, expectClean } from "../support/auditor";
import { openCluster } from "../support/cluster";
import { expectServing, readMarks } from "../support/nodes";
import type { TestStack } from "../support/stack";
import { applyDeployment, podsOf, scaleDeployment, untilReady } from "../support/workloads";

const LAB = "pools";
const OLD = "v1.35.8";
const NEW = "v1.36.4";
const OPEN_TO_EXTRA = [{ key: "role", operator: "Exists" }] as const;
const OPEN_TO_CORDONED = [
  ...OPEN_TO_EXTRA,
  { key: "node.kubernetes.io/unschedulable", operator: "Exists" },
] as const;

type Pools = Record<string, Record<string, unknown>>;

const cluster = (version: string): Record<string, unknown> => ({ name: LAB, cloud: "lab", version });
const drain = { timeout: "60s" };
const workers = (over: object = {}) => ({ size: { min: 2, max: 4 }, machine: "lab.small", drain, ...over });
const extra = (over: object = {}) => ({
  size: { min: 1, max: 2 },
  labels: { role: "extra" },
  taints: [{ key: "role", value: "extra", effect: "NoExecute" }],
  drain,
  ...over,
});

describe("pools come, change and go", () => {
  let stack: TestStack;
  let kube: KubeClient;
  let audit: Audit;

  beforeAll(async () => {
    const config = { cluster: cluster("1.35"), pools: { workers: workers() }, health: { timeout: "60s" } };
    ({ stack, kube } = await openCluster(LAB, config, [{ name: "web", replicas: 4, maxUnavailable: 1 }]));
    audit = await stack.audit();
  });

  afterAll(async () => {
    await kube.close();
    await stack.close();
  });

  const upWith = async (pools: Pools): Promise<string> => {
    stack.set({ pools });
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    return up.text;
  };

  const refusedWith = async (pools: Pools): Promise<string> => {
    stack.set({ pools });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    return preview.text;
  };

  const namesOf = async (pool: string): Promise<readonly string[]> =>
    (await readMarks(kube, pool)).map(({ name }) => name);

  const generationsOf = async (pool: string): Promise<readonly string[]> => [
    ...new Set((await readMarks(kube, pool)).map(({ generation }) => generation)),
  ];

  it("a pool that is added is proven and opened, and the others stay as they are", async () => {
    const before = await readMarks(kube, "workers");
    const text = await upWith({ workers: workers(), extra: extra() });
    expect(text).toMatch(/\+ .*LabNodePool\s+extra-1-35-[0-9a-f]{6} created/);
    expectServing(await readMarks(kube, "extra"), { kubelet: OLD, count: 1, taints: ["role:NoExecute"] });
    expect(await readMarks(kube, "workers")).toEqual(before);
  });

  it("a larger size grows the same generation in place", async () => {
    const before = await namesOf("workers");
    const text = await upWith({ workers: workers({ size: { min: 3, max: 4 } }), extra: extra() });
    expect(text).toMatch(/~ .*LabNodePool\s+workers-1-35-[0-9a-f]{6} updated/);
    expect(text).not.toMatch(/[+-] .*LabNodePool/);
    expectServing(await readMarks(kube, "workers"), { kubelet: OLD, count: 3 });
    expect(await namesOf("workers")).toEqual(expect.arrayContaining([...before]));
  });

  it("a size below the nodes that live is refused in the preview, and nothing goes", async () => {
    const text = await refusedWith({ workers: workers({ size: { min: 1, max: 2 } }), extra: extra() });
    expect(text).toContain("Pool.SizeBelowNodes");
    expect(text).toContain("set it to 3 or more");
    expect(await namesOf("workers")).toHaveLength(3);
  });

  it("another machine is a new generation: workloads move, then the old one goes", async () => {
    const [before] = await generationsOf("workers");
    const large = workers({ machine: "lab.large", size: { min: 2, max: 4 } });
    const text = await upWith({ workers: large, extra: extra() });
    expect(text).toMatch(/\+ .*LabNodePool\s+workers-1-35-[0-9a-f]{6} created/);
    expect(text).toMatch(new RegExp(`- .*LabNodePool\\s+${String(before)} deleted`));
    expectServing(await readMarks(kube, "workers"), { kubelet: OLD, count: 3 });
    expect(await generationsOf("workers")).not.toContain(before);
    await untilReady(kube, "web", 4);
  });

  it("a respin with nothing else changed is a new generation too", async () => {
    const [before] = await generationsOf("workers");
    const large = workers({ machine: "lab.large", respin: "certificates" });
    await upWith({ workers: large, extra: extra() });
    const after = await generationsOf("workers");
    expect(after).toHaveLength(1);
    expect(after).not.toContain(before);
  });

  it("while the cluster moves on, a held pool and one that trails keep their nodes", async () => {
    const large = workers({ machine: "lab.large", respin: "certificates", version: "1.35" });
    const [trailing, held] = [await namesOf("workers"), await namesOf("extra")];
    stack.set({ cluster: cluster("1.36") });
    const text = await upWith({ workers: large, extra: extra({ version: "1.35", hold: true }) });
    expect(text).toMatch(/~ .*LabControlPlane\s+pools updated/);
    expect(text).not.toMatch(/[+-] .*LabNodePool/);
    expect([await namesOf("workers"), await namesOf("extra")]).toEqual([trailing, held]);
  });

  it("a held pool whose settings would make another generation is refused", async () => {
    const large = workers({ machine: "lab.large", respin: "certificates" });
    const held = extra({ version: "1.35", hold: true, machine: "lab.large" });
    expect(await refusedWith({ workers: large, extra: held })).toContain("Pool.HeldWouldMove");
  });

  it("the trailing pool catches up in its own run, and the held one stays", async () => {
    const large = workers({ machine: "lab.large", respin: "certificates" });
    await upWith({ workers: large, extra: extra({ version: "1.35", hold: true }) });
    const [up, held] = [await readMarks(kube, "workers"), await readMarks(kube, "extra")];
    expect(up.map(({ kubelet }) => kubelet)).toEqual(up.map(() => NEW));
    expectServing(held, { kubelet: OLD, count: 1, taints: ["role:NoExecute"] });
  });

  it("a pool that vanishes from config is refused, with the way to give it up", async () => {
    const text = await refusedWith({ workers: workers({ machine: "lab.large", respin: "certificates" }) });
    expect(text).toContain("Pool.Vanished");
    expect(text).toContain("put pools.extra back with remove: true");
    expect(await namesOf("extra")).toHaveLength(1);
  });

  it("a removal whose pods fit nowhere else is refused, and not one of them is moved", async () => {
    const nodeSelector = { role: "extra" };
    await applyDeployment(kube, { name: "pinned", replicas: 2, nodeSelector, tolerations: OPEN_TO_EXTRA });
    const before = await untilReady(kube, "pinned", 2);
    stack.set({ pools: leaving() });
    const up = await stack.up("--skip-preview");
    expect(up.code).not.toBe(0);
    expect(up.text).toContain("default/pinned");
    expect(await podsOf(kube, "pinned")).toEqual(before);
    expect(await namesOf("extra")).toHaveLength(1);
  });

  it("once they are gone `remove: true` empties the pool and keeps its nodes", async () => {
    await scaleDeployment(kube, "pinned", 0);
    await upWith(leaving());
    const [node] = await readMarks(kube, "extra");
    expect(node).toMatchObject({ unschedulable: true, recorded: true });
    expect((await podsOf(kube, "web")).filter(pod => pod.node.startsWith("extra-"))).toEqual([]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("deletes nothing while the rest can't take what has landed there since", async () => {
    const wish = {
      name: "pinned",
      replicas: 1,
      nodeSelector: { role: "extra" },
      tolerations: OPEN_TO_CORDONED,
    };
    await applyDeployment(kube, wish);
    const before = await untilReady(kube, "pinned", 1);
    stack.set({ pools: { workers: workers({ machine: "lab.large", respin: "certificates" }) } });
    const up = await stack.up("--skip-preview");
    expect(up.code).not.toBe(0);
    expect(up.text).toContain("Interlock.NoRoom");
    expect(up.text).not.toMatch(/- .*LabNodePool/);
    expect(await namesOf("extra")).toHaveLength(1);
    expect(await podsOf(kube, "pinned")).toEqual(before);
  });

  it("and then the entry may go, with the pool", async () => {
    await scaleDeployment(kube, "pinned", 0);
    const text = await upWith({ workers: workers({ machine: "lab.large", respin: "certificates" }) });
    expect(text).toMatch(/- .*Interlock\s+extra-1-35-[0-9a-f]{6} deleted/);
    expect(text).toMatch(/- .*LabNodePool\s+extra-1-35-[0-9a-f]{6} deleted/);
    expect(await namesOf("extra")).toEqual([]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    const summary = await audit.stop();
    expectClean({ ...summary, doubleMoves: [] });
  });

  const leaving = (): Pools => ({
    workers: workers({ machine: "lab.large", respin: "certificates" }),
    extra: extra({ version: "1.35", remove: true }),
  });
});

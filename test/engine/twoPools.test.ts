import { type KubeClient, patchNode } from "../../kube";
import { type Audit, expectClean } from "../support/auditor";
import { openCluster } from "../support/cluster";
import { expectServing, readMarks } from "../support/nodes";
import type { TestStack } from "../support/stack";
import { applyStrandedPod, podsOf, removePod, scaleDeployment, untilReady } from "../support/workloads";

const LAB = "two";
const POOLS = ["alpha", "beta"] as const;
const NEW = "v1.36.4";
const APPS = { web: 6, api: 4 };

const cluster = (version: string): Record<string, unknown> => ({ name: LAB, cloud: "lab", version });
const pool = { size: { min: 2, max: 3 }, drain: { timeout: "60s" } };
const both = (machine: string): Record<string, unknown> => ({
  alpha: { ...pool, machine },
  beta: { ...pool, machine },
});

describe("two pools that move at once", () => {
  let stack: TestStack;
  let kube: KubeClient;
  let audit: Audit;

  beforeAll(async () => {
    const config = { cluster: cluster("1.35"), pools: both("lab.small"), health: { timeout: "60s" } };
    const apps = Object.entries(APPS).map(([name, replicas]) => ({ name, replicas, maxUnavailable: 1 }));
    ({ stack, kube } = await openCluster(LAB, config, apps));
  });

  beforeEach(async () => {
    audit = await stack.audit();
  });

  afterEach(async () => {
    await audit.stop();
  });

  afterAll(async () => {
    await kube.close();
    await stack.close();
  });

  const expectAllMoved = async (count: number): Promise<void> => {
    for (const name of POOLS) expectServing(await readMarks(kube, name), { kubelet: NEW, count });
    for (const [name, replicas] of Object.entries(APPS))
      expect(await untilReady(kube, name, replicas)).toHaveLength(replicas);
  };

  it("no pod without a selector moves twice, and no budget is broken", async () => {
    stack.set({ cluster: cluster("1.36") });
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    await expectAllMoved(2);
    const summary = await audit.stop();
    expectClean(summary);
    expect(summary.nodeLosses).toEqual([]);
    expect(summary.moved).toBe(APPS.web + APPS.api);
  });

  it("one pool's refusing interlock keeps that pool's old nodes, with the reason", async () => {
    const [blue] = await readMarks(kube, "alpha");
    stack.set({ pools: both("lab.medium"), soak: { duration: "8s" } });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.seen(/Validation\s+beta updated/);
    await applyStrandedPod(kube, { name: "stranded", node: blue?.name ?? "" });
    const run = await up.done;
    expect(run.code).not.toBe(0);
    expect(run.text).toContain("Interlock.NoRoom");
    expect(run.text).toContain("default/stranded");
    expect(run.text).toMatch(/- .*Interlock\s+beta-1-36-[0-9a-f]{6} deleted/);
    expect(run.text).not.toMatch(/- .*LabNodePool/);
    expect((await readMarks(kube, "alpha")).map(({ name }) => name)).toContain(blue?.name);
    expectClean(await audit.stop());
  });

  it("the other pool's old nodes, opened and filled meanwhile by hand, are emptied before they go", async () => {
    const old = (await readMarks(kube, "beta")).filter(({ recorded }) => recorded);
    expect(old).toHaveLength(2);
    for (const { name } of old) await patchNode(kube, name, () => ({ unschedulable: false, taints: [] }));
    await scaleDeployment(kube, "web", APPS.web + 4);
    const landed = await untilReady(kube, "web", APPS.web + 4);
    expect(landed.filter(({ node }) => old.some(({ name }) => name === node)).length).toBeGreaterThan(0);
    await removePod(kube, "stranded");
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(up.text).toMatch(/~ .*Migration\s+beta updated/);
    for (const name of POOLS) expectServing(await readMarks(kube, name), { kubelet: NEW, count: 2 });
    expect(await podsOf(kube, "web")).toHaveLength(APPS.web + 4);
    const { violations, nodeLosses, failedRequests } = await audit.stop();
    expect({ violations, nodeLosses, failedRequests }).toEqual({
      violations: [],
      nodeLosses: [],
      failedRequests: [],
    });
  });
});

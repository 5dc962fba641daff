import { parseStack } from "../../core/config";
import { type Edit, planRetire } from "../../core/config/edit";
import { planRollback } from "../../core/config/rollback";
import { accept, type Result } from "../../core/result";
import { type KubeClient, openKube } from "../../kube";
import { labKubeconfig } from "../../lab";
import { readRollbackTargets } from "../../operations/observe/rollbackTargets";
import { expectClean } from "../support/auditor";
import { readMarks } from "../support/nodes";
import { type Config, TestStack } from "../support/stack";
import { applyDeployment, podsOf, untilReady } from "../support/workloads";

const LAB = "staged";
const NODES = 4;
const REPLICAS = 8;
const STAGED = { size: { min: NODES, max: 8 }, strategy: { kind: "staged" } };

const cluster = (version: string): Record<string, unknown> => ({ name: LAB, cloud: "lab", version });

type Tree = Record<string, unknown>;

/** The tree with the value at the path set, or taken out. */
const edited = (tree: Tree, [key = "", ...rest]: readonly string[], edit: Edit): Tree => {
  if (rest.length > 0) return { ...tree, [key]: edited((tree[key] ?? {}) as Tree, rest, edit) };
  const others = Object.fromEntries(Object.entries(tree).filter(([name]) => name !== key));
  return edit.value === undefined ? others : { ...others, [key]: edit.value };
};

describe("a staged pool", () => {
  let stack: TestStack;
  let kube: KubeClient;
  let config: Config;
  let blue: string;
  let green: string;

  const set = (next: Config): void => {
    config = next;
    stack.set(next);
  };

  const parsed = () => {
    const result = parseStack(config);
    if (!result.ok) throw new Error(JSON.stringify(result.problems));
    return result.value;
  };

  const apply = (edits: Result<readonly Edit[]>): void => {
    if (!edits.ok) throw new Error(JSON.stringify(edits.problems));
    set(edits.value.reduce<Tree>((tree, edit) => edited(tree, edit.path, edit), config) as Config);
  };

  /** Changes the one entry under `retiring`. */
  const setEntry = (change: Record<string, unknown>): void => {
    const pool = config["pools"]?.["workers"] as { retiring: readonly Tree[] };
    const retiring = pool.retiring.map(entry => ({ ...entry, ...change }));
    apply(accept([{ path: ["pools", "workers", "retiring"], value: retiring, why: "test" }]));
  };

  /** What `changeover rollback` does. */
  const swap = async (): Promise<void> => {
    const targets = await readRollbackTargets(kube, ["workers"], AbortSignal.timeout(30_000));
    apply(planRollback(parsed(), targets));
  };

  /** One reviewed step, under the auditor's eyes. */
  const step = async (): Promise<void> => {
    const audit = await stack.audit();
    const up = await stack.up();
    expectClean(await audit.stop());
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    await untilReady(kube, "web", REPLICAS);
  };

  /** Generation → nodes, and the nodes of it that carry pods. */
  const spread = async (): Promise<Record<string, { nodes: number; used: number }>> => {
    const [nodes, pods] = await Promise.all([readMarks(kube, "workers"), podsOf(kube, "web")]);
    const used = new Set(pods.map(({ node }) => node));
    const generations = [...new Set(nodes.map(({ generation }) => generation))];
    return Object.fromEntries(
      generations.map(generation => {
        const own = nodes.filter(node => node.generation === generation);
        return [generation, { nodes: own.length, used: own.filter(({ name }) => used.has(name)).length }];
      }),
    );
  };

  const isOpen = async (generation: string): Promise<boolean> => {
    const nodes = (await readMarks(kube, "workers")).filter(node => node.generation === generation);
    return nodes.every(({ unschedulable, taints }) => !unschedulable && taints.length === 0);
  };

  beforeAll(async () => {
    stack = await TestStack.open(LAB, {});
    set({
      cluster: cluster("1.35"),
      pools: { workers: STAGED },
      backup: { kind: "none" },
      soak: { duration: "1s" },
    });
    await stack.must(["up", "--yes", "--skip-preview"]);
    kube = await openKube({ kubeconfig: labKubeconfig(LAB) ?? "" });
    await applyDeployment(kube, { name: "web", replicas: REPLICAS, maxUnavailable: 2 });
    await untilReady(kube, "web", REPLICAS);
    [blue = ""] = Object.keys(await spread());
    set({ ...config, cluster: cluster("1.36"), pools: { workers: { ...STAGED, version: "1.35" } } });
    await stack.must(["up", "--yes", "--skip-preview"]);
  });

  afterAll(async () => {
    await stack.close();
    await kube.close();
  });

  it("refuses to leave its generation in one shot, and names the command that keeps it", async () => {
    const before = config;
    set({ ...config, pools: { workers: { ...STAGED, version: "1.36" } } });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("Pool.StagedOneShot");
    expect(preview.text).toContain("changeover retire workers");
    set(before);
  });

  it("0%: green is proven and open, blue keeps its pods", async () => {
    apply(planRetire(parsed(), "workers", { version: "1.36" }));
    await step();
    const found = await spread();
    green = Object.keys(found).find(name => name !== blue) ?? "";
    expect(found).toEqual({ [blue]: { nodes: NODES, used: NODES }, [green]: { nodes: NODES, used: 0 } });
    expect(await isOpen(green)).toBe(true);
  });

  it("25%: a quarter of blue's nodes is empty", async () => {
    setEntry({ drainPercent: "25%" });
    await step();
    expect((await spread())[blue]).toEqual({ nodes: NODES, used: NODES - 1 });
  });

  it("a lower share moves nothing back and breaks nothing", async () => {
    setEntry({ drainPercent: "0%" });
    await step();
    expect((await spread())[blue]).toEqual({ nodes: NODES, used: NODES - 1 });
  });

  it("a plain revert is refused, with the swap to write instead", async () => {
    const before = config;
    set({ ...config, pools: { workers: { ...STAGED, version: "1.35" } } });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("Pool.StagedRevert");
    expect(preview.text).toContain("changeover rollback");
    set(before);
  });

  it("swap at 25%: blue serves again, green is emptied and kept", async () => {
    setEntry({ drainPercent: "25%" });
    await step();
    await swap();
    await step();
    expect(await spread()).toMatchObject({ [green]: { nodes: NODES, used: 0 }, [blue]: { nodes: NODES } });
    expect(await isOpen(blue)).toBe(true);
    expect(await isOpen(green)).toBe(false);
  });

  it("swap back again: green serves, blue is emptied to 100 %", async () => {
    await swap();
    await step();
    expect(await spread()).toMatchObject({ [blue]: { nodes: NODES, used: 0 }, [green]: { nodes: NODES } });
    expect(await isOpen(green)).toBe(true);
  });

  it("swap at 100%: blue serves again", async () => {
    await swap();
    await step();
    expect(await spread()).toMatchObject({ [green]: { nodes: NODES, used: 0 }, [blue]: { nodes: NODES } });
    expect(await isOpen(blue)).toBe(true);
    await swap();
    await step();
  });

  it("the engine itself refuses to delete blue before it is released", async () => {
    const before = config;
    apply(accept([{ path: ["pools", "workers", "retiring"], why: "test" }]));
    const up = await stack.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toMatch(/protected/);
    expect((await spread())[blue]).toEqual({ nodes: NODES, used: 0 });
    set(before);
  });

  it("destroy is refused while a generation is protected", async () => {
    const destroy = await stack.run(["destroy", "--yes"]);
    expect(destroy.code).not.toBe(0);
    expect(destroy.text).toMatch(/protected/);
    expect(await untilReady(kube, "web", REPLICAS)).toHaveLength(REPLICAS);
  });

  it("released, then taken out of config: gone", async () => {
    setEntry({ release: true });
    await step();
    expect((await spread())[blue]).toEqual({ nodes: NODES, used: 0 });
    apply(accept([{ path: ["pools", "workers", "retiring"], why: "test" }]));
    await step();
    expect(Object.keys(await spread())).toEqual([green]);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

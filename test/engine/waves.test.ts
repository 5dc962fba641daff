import { LABEL } from "../../core/identity/names";
import { type KubeClient, listNodes } from "../../kube";
import { type Audit, expectClean } from "../support/auditor";
import { openCluster } from "../support/cluster";
import { expectServing, readMarks } from "../support/nodes";
import { untilAlone } from "../support/processes";
import type { TestStack } from "../support/stack";
import { podsOf, untilReady } from "../support/workloads";

const LAB = "waves";
const NODES = 4;
const PEAK = 6;
const WEB = 8;

const config = (version: string): Record<string, Record<string, unknown>> => ({
  cluster: { name: LAB, cloud: "lab", version: "1.36" },
  pools: {
    workers: { version, size: { min: NODES, max: 8 }, machine: "lab.small", strategy: { poolSurge: "50%" } },
  },
});

/** Counts the pool's nodes as often as it can. */
const countNodes = (kube: KubeClient): { readonly stop: () => Promise<number> } => {
  const state = { most: 0, going: true };
  const run = async (): Promise<number> => {
    while (state.going) {
      const nodes = await listNodes(kube, { labels: { [LABEL.pool]: "workers" } });
      state.most = Math.max(state.most, nodes.length);
    }
    return state.most;
  };
  const counted = run();
  return {
    stop: () => {
      state.going = false;
      return counted;
    },
  };
};

describe("a pool with poolSurge 50%", () => {
  let stack: TestStack;
  let kube: KubeClient;
  let audit: Audit;

  beforeAll(async () => {
    const web = { name: "web", replicas: WEB, maxUnavailable: 2 };
    ({ stack, kube } = await openCluster(LAB, { ...config("1.35"), health: { timeout: "60s" } }, [web]));
    audit = await stack.audit();
  });

  afterAll(async () => {
    await stack.close();
    await kube.close();
  });

  const webRunsOn = async (prefix: string): Promise<void> => {
    await untilReady(kube, "web", WEB);
    expect((await podsOf(kube, "web")).filter(({ node }) => !node.startsWith(prefix))).toEqual([]);
  };

  it("is whole from the start, when nothing stands beside it", async () => {
    expectServing(await readMarks(kube, "workers"), { kubelet: "v1.35.8", count: NODES });
  });

  it("says in preview how many waves there will be, and what going back would cost", async () => {
    stack.set(config("1.36"));
    const preview = await stack.preview();
    expect(preview.code).toBe(0);
    expect(preview.text).toContain("Pool.MovesInWaves");
    expect(preview.text).toContain("2 waves of at most 2 nodes");
  });

  it("stopped after its first wave has given machines back, and says how to go on", async () => {
    const nodes = countNodes(kube);
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.seen(/2 empty nodes were given back/);
    up.interrupt();
    const run = await up.done;
    expect(run.code).not.toBe(0);
    await untilAlone(stack.dir, 5_000);
    expect(await nodes.stop()).toBeLessThanOrEqual(PEAK);
    const left = (await readMarks(kube, "workers")).filter(({ kubelet }) => kubelet === "v1.35.8");
    expect(left).toHaveLength(2);
  });

  it("goes back by waves, to as many old machines as there were", async () => {
    stack.set(config("1.35"));
    const nodes = countNodes(kube);
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(await nodes.stop()).toBeLessThanOrEqual(PEAK);
    expectServing(await readMarks(kube, "workers"), { kubelet: "v1.35.8", count: NODES });
    await webRunsOn("workers-1-35-");
  });

  it("moves by waves, never above its peak, and no pod moves twice", async () => {
    const { violations, failedRequests, wrongEvictions, nodeLosses } = await audit.stop();
    expect([violations, failedRequests, wrongEvictions, nodeLosses]).toEqual([[], [], [], []]);
    audit = await stack.audit();
    stack.set(config("1.36"));
    const nodes = countNodes(kube);
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(await nodes.stop()).toBe(PEAK);
    expectServing(await readMarks(kube, "workers"), { kubelet: "v1.36.4", count: NODES });
    await webRunsOn("workers-1-36-");
    expectClean(await audit.stop());
  });

  it("changes nothing on the run right after", async () => {
    const again = await stack.preview("--expect-no-changes");
    expect(again.text).not.toMatch(/^ [~+-]/m);
    expect(again.code).toBe(0);
  });
});

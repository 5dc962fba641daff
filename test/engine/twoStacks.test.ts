import { join } from "node:path";
import type { KubeClient } from "../../kube";
import { labStatus } from "../../lab";
import { type Audit, expectClean } from "../support/auditor";
import { openCluster } from "../support/cluster";
import { expectServing, readMarks } from "../support/nodes";
import type { TestStack } from "../support/stack";
import { podsOf } from "../support/workloads";

interface Side {
  readonly name: string;
  readonly stack: TestStack;
  readonly kube: KubeClient;
  readonly audit: Audit;
}

const NAMES = ["left", "right"];
const cluster = (name: string, version: string): Record<string, unknown> => ({ name, cloud: "lab", version });

const openSide = async (name: string): Promise<Side> => {
  const config = { cluster: cluster(name, "1.35"), pools: { workers: { size: { min: 2, max: 4 } } } };
  const opened = await openCluster(name, config, [{ name: "web", replicas: 4, maxUnavailable: 1 }]);
  return { name, ...opened, audit: await opened.stack.audit() };
};

describe("two stacks at once", () => {
  const sides: Side[] = [];

  beforeAll(async () => {
    for (const name of NAMES) sides.push(await openSide(name));
  });

  afterAll(async () => {
    for (const { kube, stack } of sides) {
      await stack.close();
      await kube.close();
    }
  });

  it("are upgraded side by side without disturbing each other", async () => {
    for (const { name, stack } of sides) stack.set({ cluster: cluster(name, "1.36") });
    const runs = await Promise.all(sides.map(({ stack }) => stack.up("--skip-preview")));
    for (const { text, code } of runs) {
      expect(text).not.toMatch(/error:/);
      expect(code).toBe(0);
    }
    for (const { kube, audit } of sides) {
      expectClean(await audit.stop());
      expectServing(await readMarks(kube, "workers"), { kubelet: "v1.36.4", count: 2 });
      expect(await podsOf(kube, "web")).toHaveLength(4);
    }
  });

  it("destroying one leaves the other as it is", async () => {
    const [left, right] = sides;
    if (left === undefined || right === undefined) throw new Error("a side is missing");
    await left.stack.must(["destroy", "--yes", "--skip-preview"]);
    right.stack.select();
    expect(labStatus("right")).toMatchObject({
      state: "running",
      dir: join(right.stack.dir, "labs", "right"),
    });
    expect(await podsOf(right.kube, "web")).toHaveLength(4);
    expect((await right.stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

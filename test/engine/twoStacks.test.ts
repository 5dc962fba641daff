import { join } from "node:path";
import type { KubeClient } from "../../kube";
import { labKubeconfig, labStatus } from "../../lab";
import { type Audit, expectClean } from "../support/auditor";
import { openCluster } from "../support/cluster";
import { expectDone, expectRefused } from "../support/outcome";
import { expectServing, readMarks } from "../support/nodes";
import { HandoverStack } from "../support/handoverStack";
import type { TestStack } from "../support/stack";
import { applyDeployment, podsOf, scaleDeployment, untilReady } from "../support/workloads";

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
  let traffic: HandoverStack | undefined;

  beforeAll(async () => {
    for (const name of NAMES) sides.push(await openSide(name));
  });

  afterAll(async () => {
    await traffic?.close();
    for (const { kube, stack } of sides) {
      await stack.close();
      await kube.close();
    }
  });

  const handover = (): HandoverStack => {
    if (traffic === undefined) throw new Error("there is no handover");
    return traffic;
  };

  const both = (): readonly [Side, Side] => {
    const [left, right] = sides;
    if (left === undefined || right === undefined) throw new Error("a side is missing");
    return [left, right];
  };

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

  it("traffic is handed from one to the other in steps, never to one that can't carry it, and back", async () => {
    const [left, right] = both();
    const labs = join(left.stack.dir, "labs");
    right.stack.select();
    const kubeconfig = labKubeconfig(right.name);
    traffic = await HandoverStack.open(labs, {
      name: "shop",
      blue: { name: left.name, cloud: "lab" },
      green: { name: right.name, cloud: "kubeadm", kubeconfig },
      namespaces: ["default"],
      weight: "0%",
      steps: ["50%", "100%"],
      soak: "1s",
      timeout: "3s",
    });
    expectDone(await traffic.up("0%"));
    expect(traffic.routed()).toEqual(["blue 100", "green 0"]);

    expectRefused(
      await traffic.preview("100%"),
      /Handover\.SkippedStep.*the next of the steps 50, 100 is 50 %/,
    );
    await applyDeployment(left.kube, { name: "cart", replicas: 2, maxUnavailable: 1 });
    expectRefused(await traffic.up("50%"), /Handover\.NotReady.*Deployment default\/cart to be there/);
    expect(traffic.routed()).toEqual([]);

    await applyDeployment(right.kube, { name: "cart", replicas: 2, maxUnavailable: 1 });
    expectDone(await traffic.up("50%"));
    expect(traffic.routed()).toEqual(["blue 50", "green 50"]);
    expect((await traffic.preview("50%")).text).toMatch(/unchanged/);

    await scaleDeployment(left.kube, "web", 0);
    expectRefused(
      await traffic.up("0%"),
      /Handover\.NotReady.*blue can't carry its share.*Deployment default\/web/,
    );
    await scaleDeployment(left.kube, "web", 4);
    await untilReady(left.kube, "web", 4);
    expectDone(await traffic.up("0%"));
    expect(traffic.routed()).toEqual(["blue 100", "green 0"]);
  });

  it("a cluster that carries traffic is not destroyed", async () => {
    const [left] = both();
    const { stack } = left;
    expectRefused(
      await stack.run(["destroy", "--yes", "--skip-preview"]),
      /Handover\.CarriesTraffic.*is blue in the handover "shop" and may carry 100 %/,
    );
    expect(await podsOf(left.kube, "web")).toHaveLength(4);
    for (const weight of ["50%", "100%"]) expectDone(await handover().up(weight));
  });

  it("destroying one leaves the other as it is", async () => {
    const [left, right] = both();
    await left.stack.must(["destroy", "--yes", "--skip-preview"]);
    right.stack.select();
    expect(labStatus("right")).toMatchObject({
      state: "running",
      dir: join(right.stack.dir, "labs", "right"),
    });
    expect(await podsOf(right.kube, "web")).toHaveLength(4);
    expect((await right.stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("the handover goes on without the cluster that is gone, and its end frees the other", async () => {
    expectDone(await handover().preview("100%"));
    expectDone(await handover().destroy());
    const [, right] = both();
    await right.stack.must(["destroy", "--yes", "--skip-preview"]);
  });
});

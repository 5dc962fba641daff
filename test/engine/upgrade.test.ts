import { existsSync } from "node:fs";
import { join } from "node:path";
import { type KubeClient, listNodes, openKube } from "../../kube";
import { labKubeconfig, labStatus } from "../../lab";
import { expectClean, startAuditor } from "../support/auditor";
import { TestStack } from "../support/stack";
import { applyDeployment, podsOf, untilReady } from "../support/workloads";

const cluster = (version: string): Record<string, unknown> => ({ name: "up", cloud: "lab", version });
const workers = { size: { min: 3, max: 6 }, machine: "lab.medium" };

interface Exported {
  readonly deployment: {
    readonly resources: readonly {
      readonly urn: string;
      readonly outputs?: { readonly outcome?: { readonly samples?: number } };
    }[];
  };
}

jest.setTimeout(600_000);

describe("an upgrade is a change of a desired version", () => {
  let stack: TestStack;
  let kube: KubeClient;

  beforeAll(async () => {
    stack = await TestStack.open("up", { cluster: cluster("1.35"), pools: { workers } });
    const first = await stack.up("--skip-preview");
    if (first.code !== 0) throw new Error(first.text);
    kube = await openKube({ kubeconfig: labKubeconfig("up") ?? "" });
    await applyDeployment(kube, { name: "web", replicas: 6, maxUnavailable: 1 });
    await applyDeployment(kube, { name: "solo", replicas: 1 });
    await untilReady(kube, "web", 6);
    await untilReady(kube, "solo", 1);
  });

  afterAll(async () => {
    await kube.close();
    await stack.close();
  });

  const soakSamples = async (): Promise<number | undefined> => {
    const { text } = await stack.must(["stack", "export"]);
    const { resources } = (JSON.parse(text) as Exported).deployment;
    return resources.find(({ urn }) => urn.includes(":SoakGate::"))?.outputs?.outcome?.samples;
  };

  it("looks once at a first generation, which took over from nobody", async () => {
    expect(await soakSamples()).toBe(1);
  });

  it("changes nothing when nothing was asked", async () => {
    const again = await stack.preview("--expect-no-changes");
    expect(again.text).not.toMatch(/^ [~+-]/m);
    expect(again.code).toBe(0);
  });

  it("refuses a skipped minor in the preview, by the rules and by policy", async () => {
    stack.set({ cluster: cluster("1.37") });
    const preview = await stack.preview("--policy-pack", "policy");
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("ControlPlane.SkippedMinor");
    expect(preview.text).toMatch(/\[mandatory\].* no-skipped-minor/);
    expect(preview.text).toContain(`set cluster.version: "1.36"`);
  });

  it("refuses a downgrade in the preview", async () => {
    stack.set({ cluster: cluster("1.34") });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("ControlPlane.Downgrade");
  });

  it("shows the whole plan in the preview of one changed line", async () => {
    stack.set({ cluster: cluster("1.36") });
    const { text, code } = await stack.preview("--policy-pack", "policy");
    expect(code).toBe(0);
    expect(text).toMatch(/\+ .*LabNodePool\s+workers-1-36-[0-9a-f]{6}\s+create/);
    expect(text).toMatch(/- .*Interlock\s+workers-1-35-[0-9a-f]{6}\s+delete/);
    expect(text).toMatch(/~ .*LabControlPlane\s+up\s+update/);
    expect(text).not.toMatch(/replace/);
  });

  it("moves every workload within its budget, then lets the old generation go", async () => {
    const audit = await startAuditor(labKubeconfig("up") ?? "", stack.dir);
    const up = await stack.up();
    const summary = await audit.stop();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectClean(summary);
    const nodes = await listNodes(kube);
    expect(new Set(nodes.map(node => node.kubeletVersion))).toEqual(new Set(["v1.36.4"]));
    expect(nodes.every(node => !node.unschedulable && node.taints.length === 0)).toBe(true);
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(6);
    expect(labStatus("up").version).toBe("1.36.4");
    expect(await soakSamples()).toBeGreaterThan(2);
  });

  it("changes nothing on the next run", async () => {
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    expect((await stack.run(["refresh", "--yes"])).code).toBe(0);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("destroys without waiting for a place to drain into, and leaves nothing", async () => {
    const destroy = await stack.run(["destroy", "--yes"]);
    expect(destroy.code).toBe(0);
    expect(existsSync(join(stack.dir, "labs", "up"))).toBe(false);
  });
});

import { type KubeClient, readVersion } from "../../kube";
import { type Audit, expectClean } from "../support/auditor";
import { openCluster } from "../support/cluster";
import { allowReady, crashOnSight, refuseReady } from "../support/faults";
import { expectServing, readMarks } from "../support/nodes";
import type { TestStack } from "../support/stack";
import { podsOf, untilReady } from "../support/workloads";

const LAB = "fails";
const OLD = "v1.35.8";
const NEW = "v1.36.4";

const cluster = (version: string): Record<string, unknown> => ({ name: LAB, cloud: "lab", version });
const workers = (version: string): Record<string, unknown> => ({
  workers: { version, size: { min: 2, max: 4 }, machine: "lab.small" },
});

describe("what fails half-way leaves the old side as it was", () => {
  let stack: TestStack;
  let kube: KubeClient;
  let audit: Audit;

  beforeAll(async () => {
    const config = {
      cluster: cluster("1.35"),
      pools: workers("1.35"),
      backup: { kind: "etcd" },
      health: { timeout: "10s" },
    };
    ({ stack, kube } = await openCluster(LAB, config, [{ name: "web", replicas: 4, maxUnavailable: 1 }]));
    audit = await stack.audit();
  });

  afterAll(async () => {
    await kube.close();
    await stack.close();
  });

  it("a control plane that can't start its new version fails the run, and the old one serves", async () => {
    stack.set({ cluster: cluster("1.36") });
    const fault = crashOnSight(stack.dir, ["kube-apiserver", "1.36.4"]);
    const up = await stack.up("--skip-preview");
    expect(fault.stop()).toBeGreaterThan(0);
    expect(up.code).not.toBe(0);
    expect(up.text).toMatch(/~ .*Backup\s+fails updated/);
    expect(up.text).toMatch(/LabControlPlane\s+fails .*fail/);
    expect((await readVersion(kube)).binary).toBe("1.35.8");
    expectServing(await readMarks(kube, "workers"), { kubelet: OLD, count: 2 });
  });

  it("a further skip is then judged by the version that runs, not by the one asked for", async () => {
    stack.set({ cluster: cluster("1.37") });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("ControlPlane.SkippedMinor");
    expect(preview.text).toContain("the control plane serves 1.35");
  });

  it("the way back is no downgrade, for nothing has moved", async () => {
    stack.set({ cluster: cluster("1.35") });
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect((await readVersion(kube)).binary).toBe("1.35.8");
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("on the retry preflight and backup run again, then a green that never gets ready fails the run in time", async () => {
    await refuseReady(kube, NEW);
    const before = { nodes: await readMarks(kube, "workers"), pods: await podsOf(kube, "web") };
    stack.set({ cluster: cluster("1.36"), pools: workers("1.36") });
    const up = await stack.up("--skip-preview");
    expect(up.code).not.toBe(0);
    expect(up.text).toMatch(/~ .*UpgradeGate\s+cluster updated/);
    expect(up.text).toMatch(/~ .*Backup\s+fails updated/);
    expect(up.text).toContain("GenerationGate.NotReady");
    expect(up.text).toContain("after 10 s still waiting for 0 of 2 nodes");
    expect((await readVersion(kube)).binary).toBe("1.36.4");
    const blue = (await readMarks(kube, "workers")).filter(({ kubelet }) => kubelet === OLD);
    expect(blue).toEqual(before.nodes);
    expect(await podsOf(kube, "web")).toEqual(before.pods);
  });

  it("setting the pool's version back removes only green; the control plane stays", async () => {
    const pods = await podsOf(kube, "web");
    stack.set({ pools: workers("1.35") });
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(up.text).toMatch(/- .*LabNodePool\s+workers-1-36-[0-9a-f]{6} deleted/);
    expectServing(await readMarks(kube, "workers"), { kubelet: OLD, count: 2 });
    expect(await podsOf(kube, "web")).toEqual(pods);
    expect((await readVersion(kube)).binary).toBe("1.36.4");
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("and with the fault gone the same line succeeds", async () => {
    await allowReady(kube);
    stack.set({ pools: workers("1.36") });
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectServing(await readMarks(kube, "workers"), { kubelet: NEW, count: 2 });
    await untilReady(kube, "web", 4);
    expectClean(await audit.stop());
  });
});

import { type KubeClient, readVersion } from "../../kube";
import { expectClean } from "../support/auditor";
import { openCluster } from "../support/cluster";
import { expectServing, readMarks } from "../support/nodes";
import type { TestStack } from "../support/stack";
import { podsOf } from "../support/workloads";

const LAB = "twostep";
const SIZE = { min: 2, max: 4 };

const cluster = (version: string, stage: "emulated" | "final"): Record<string, unknown> => ({
  name: LAB,
  cloud: "lab",
  version,
  stage,
});

describe("a control plane that moves in two steps", () => {
  let stack: TestStack;
  let kube: KubeClient;
  let pods: readonly string[];

  beforeAll(async () => {
    const config = { cluster: cluster("1.35", "final"), pools: { workers: { size: SIZE } } };
    ({ stack, kube } = await openCluster(LAB, config, [{ name: "web", replicas: 3, maxUnavailable: 1 }]));
    pods = (await podsOf(kube, "web")).map(({ uid }) => uid);
  });

  afterAll(async () => {
    await stack.close();
    await kube.close();
  });

  /** The control plane moved under the workloads: the same pods on the same nodes, no request lost. */
  const expectOnlyPlaneMoved = async (): Promise<void> => {
    const audit = await stack.audit();
    const up = await stack.up("--skip-preview");
    expectClean(await audit.stop());
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectServing(await readMarks(kube, "workers"), { kubelet: "v1.35.8", count: 2 });
    expect((await podsOf(kube, "web")).map(({ uid }) => uid).sort()).toEqual([...pods].sort());
  };

  it("runs the new binaries and serves the old minor while emulated; pools stay", async () => {
    stack.set({ cluster: cluster("1.36", "emulated") });
    await expectOnlyPlaneMoved();
    expect(await readVersion(kube)).toMatchObject({ binary: "1.36.4", emulated: "1.35" });
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("refuses green of the new minor while emulated", async () => {
    stack.set({ pools: { workers: { size: SIZE, version: "1.36" } } });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("Pool.GreenWhileEmulated");
    stack.set({ pools: { workers: { size: SIZE } } });
  });

  it("refuses the next minor while emulated", async () => {
    stack.set({ cluster: cluster("1.37", "emulated") });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toMatch(/ControlPlane\.SkippedMinor|Version\.(Unknown|NotInLab)/);
  });

  it("goes back to the old binaries", async () => {
    stack.set({ cluster: cluster("1.35", "final") });
    await expectOnlyPlaneMoved();
    const { binary, emulated } = await readVersion(kube);
    expect(binary).toBe("1.35.8");
    expect(emulated ?? "1.35").toBe("1.35");
  });

  it("goes forward again after having gone back", async () => {
    stack.set({ cluster: cluster("1.36", "emulated") });
    await expectOnlyPlaneMoved();
    expect(await readVersion(kube)).toMatchObject({ binary: "1.36.4", emulated: "1.35" });
  });

  it("refuses green in the same up as the final step, with the line to write", async () => {
    stack.set({ cluster: cluster("1.36", "final") });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("Pool.GreenBeforeFinal");
    expect(preview.text).toContain(`pools.workers.version: "1.35"`);
  });

  it("becomes final in an up of its own, and then can't go back", async () => {
    stack.set({ pools: { workers: { size: SIZE, version: "1.35" } } });
    await expectOnlyPlaneMoved();
    expect((await readVersion(kube)).emulated ?? "1.36").toBe("1.36");
    stack.set({ cluster: cluster("1.36", "emulated") });
    expect((await stack.preview()).text).toContain("ControlPlane.Downgrade");
    stack.set({ cluster: cluster("1.36", "final") });
  });

  it("moves the pools last", async () => {
    const audit = await stack.audit();
    stack.set({ pools: { workers: { size: SIZE } } });
    const up = await stack.up("--skip-preview");
    expectClean(await audit.stop());
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectServing(await readMarks(kube, "workers"), { kubelet: "v1.36.4", count: 2 });
    expect(await podsOf(kube, "web")).toHaveLength(3);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type KubeClient, listNodes, openKube } from "../../../kube";
import { labKubeconfig, labStatus } from "../../../lab";
import { Fault } from "../../../lab/clouds/fault";
import { expectClean, startAuditor } from "../../support/auditor";
import { eksCluster, type EksStack, eksWorkers, openEksStack } from "../../support/eksStack";
import { applyDeployment, podsOf, untilReady } from "../../support/workloads";

const LAB = "eks-up";
const OLD_IMAGE = "1.35.8-20261105";
const NEW_IMAGE = "1.36.4-20261105";
const REST = { backup: { kind: "none" }, soak: { duration: "1s" }, health: { timeout: "2m" } };

jest.setTimeout(900_000);

describe("EKS by its real SDKs, on a stand-in for AWS", () => {
  let eks: EksStack;
  let kube: KubeClient;

  beforeAll(async () => {
    eks = await openEksStack(LAB, {
      cluster: eksCluster(LAB, "1.35"),
      pools: { workers: eksWorkers(OLD_IMAGE) },
      ...REST,
    });
    const first = await eks.stack.up();
    if (first.code !== 0) throw new Error(first.text);
    kube = await openKube({ kubeconfig: labKubeconfig(LAB) ?? "" });
    await applyDeployment(kube, { name: "web", replicas: 4, maxUnavailable: 1 });
    await untilReady(kube, "web", 4);
  });

  afterAll(async () => {
    await kube.close();
    await eks.close();
  });

  const kubelets = async (): Promise<readonly string[]> => [
    ...new Set((await listNodes(kube)).map(node => node.kubeletVersion)),
  ];

  it("changes nothing when nothing was asked", async () => {
    const again = await eks.stack.preview("--expect-no-changes");
    expect(again.text).not.toMatch(/^ [~+-]/m);
    expect(again.code).toBe(0);
  });

  it("refuses a skipped minor in the preview", async () => {
    eks.stack.set({ cluster: eksCluster(LAB, "1.37"), pools: { workers: eksWorkers("1.37.1-20261105") } });
    const preview = await eks.stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("ControlPlane.SkippedMinor");
  });

  it("shows the version as an update in place, the new node group beside the old one, and no replacement", async () => {
    eks.stack.set({ cluster: eksCluster(LAB, "1.36"), pools: { workers: eksWorkers(NEW_IMAGE) } });
    const { text, code } = await eks.stack.preview("--policy-pack", "policy");
    expect(text).toMatch(/~ .*aws:eks:Cluster\s+eks-up\s+update/);
    expect(text).toMatch(/\+ .*aws:eks:NodeGroup\s+workers-1-36-[0-9a-f]{6}\s+create/);
    expect(text).toMatch(/- .*aws:eks:NodeGroup\s+workers-1-35-[0-9a-f]{6}\s+delete/);
    expect(text).not.toMatch(/replace/);
    expect(code).toBe(0);
  });

  const names = async (): Promise<readonly string[]> => (await listNodes(kube)).map(node => node.name).sort();

  it("a node group that EKS can't finish leaves the old one as it was", async () => {
    const before = await names();
    const fault = new Fault("AsgInstanceLaunchFailures", "no capacity for m7i.large in eu-west-1a");
    eks.aws.failures.plan({ action: "NodegroupNodes", on: /^workers-1-36-/, fault, times: 1 });
    const up = await eks.stack.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toContain("no capacity for m7i.large in eu-west-1a");
    expect(await names()).toEqual(before);
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(4);
    const [blue] = Object.values(eks.aws.state.groups).filter(group => group.version === "1.35");
    expect(blue).toMatchObject({ status: "ACTIVE", suspended: [], scaling: { minSize: 2, maxSize: 4 } });
  });

  it("goes back with the pool, which keeps its nodes; only the failed group goes", async () => {
    const before = await names();
    eks.stack.set({ pools: { workers: { ...eksWorkers(OLD_IMAGE), version: "1.35" } } });
    const up = await eks.stack.up();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(await names()).toEqual(before);
    expect(Object.values(eks.aws.state.groups).map(group => group.version)).toEqual(["1.35"]);
  });

  it("moves every workload within its budget to nodes of the new release", async () => {
    eks.stack.set({ pools: { workers: eksWorkers(NEW_IMAGE) } });
    const audit = await startAuditor(labKubeconfig(LAB) ?? "", eks.stack.dir);
    const up = await eks.stack.up();
    const summary = await audit.stop();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectClean(summary);
    expect(await kubelets()).toEqual(["v1.36.4-eks-standin"]);
    expect(labStatus(LAB).version).toBe("1.36.4");
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(4);
    expect(Object.values(eks.aws.state.groups).map(group => [group.version, group.taints])).toEqual([
      ["1.36", []],
    ]);
  });

  it("changes nothing on the next run, also after a refresh", async () => {
    expect((await eks.stack.preview("--expect-no-changes")).code).toBe(0);
    expect((await eks.stack.run(["refresh", "--yes"])).code).toBe(0);
    expect((await eks.stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("goes back to nodes of the old release after all is done, within the same budgets", async () => {
    eks.stack.set({ pools: { workers: { ...eksWorkers(OLD_IMAGE), version: "1.35" } } });
    const audit = await startAuditor(labKubeconfig(LAB) ?? "", eks.stack.dir);
    const up = await eks.stack.up("--policy-pack", "policy");
    const summary = await audit.stop();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectClean(summary);
    expect(await kubelets()).toEqual(["v1.35.8-eks-standin"]);
    expect(labStatus(LAB).version).toBe("1.36.4");
  });

  it("destroys the cluster with everything that stands behind it", async () => {
    const destroy = await eks.stack.run(["destroy", "--yes"]);
    expect(destroy.text).not.toMatch(/error:/);
    expect(destroy.code).toBe(0);
    expect(existsSync(join(eks.stack.dir, "labs", LAB))).toBe(false);
  });
});

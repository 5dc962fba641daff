import { existsSync } from "node:fs";
import { join } from "node:path";
import { type KubeClient, listNodes, openKube } from "../../../kube";
import { labKubeconfig, labStatus } from "../../../lab";
import { Fault } from "../../../lab/clouds/fault";
import { expectClean, startAuditor } from "../../support/auditor";
import { gkeCluster, type GkeStack, gkeWorkers, openGkeStack } from "../../support/gkeStack";
import { applyDeployment, podsOf, untilReady } from "../../support/workloads";

const LAB = "gke-up";
const OLD_IMAGE = "1.35.8-gke.1000000";
const NEW_IMAGE = "1.36.4-gke.1000000";
const REST = { backup: { kind: "none" }, soak: { duration: "1s" }, health: { timeout: "2m" } };

jest.setTimeout(900_000);

describe("GKE by its real SDKs, on a stand-in for Google Cloud", () => {
  let gke: GkeStack;
  let kube: KubeClient;

  beforeAll(async () => {
    gke = await openGkeStack(LAB, {
      cluster: gkeCluster(LAB, "1.35"),
      pools: { workers: gkeWorkers(OLD_IMAGE) },
      ...REST,
    });
    const first = await gke.stack.up();
    if (first.code !== 0) throw new Error(first.text);
    kube = await openKube({ kubeconfig: labKubeconfig(LAB) ?? "" });
    await applyDeployment(kube, { name: "web", replicas: 4, maxUnavailable: 1 });
    await untilReady(kube, "web", 4);
  });

  afterAll(async () => {
    await kube.close();
    await gke.close();
  });

  const kubelets = async (): Promise<readonly string[]> => [
    ...new Set((await listNodes(kube)).map(node => node.kubeletVersion)),
  ];

  it("changes nothing when nothing was asked", async () => {
    const again = await gke.stack.preview("--expect-no-changes");
    expect(again.text).not.toMatch(/^ [~+-]/m);
    expect(again.code).toBe(0);
  });

  it("refuses a skipped minor in the preview", async () => {
    gke.stack.set({ cluster: gkeCluster(LAB, "1.37"), pools: { workers: gkeWorkers("1.37.1-gke.1000000") } });
    const preview = await gke.stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("ControlPlane.SkippedMinor");
  });

  it("shows the version as an update in place, the new node pool beside the old one, and no replacement", async () => {
    gke.stack.set({ cluster: gkeCluster(LAB, "1.36"), pools: { workers: gkeWorkers(NEW_IMAGE) } });
    const { text, code } = await gke.stack.preview("--policy-pack", "policy");
    expect(text).toMatch(/~ .*gcp:container:Cluster\s+gke-up\s+update/);
    expect(text).toMatch(/\+ .*gcp:container:NodePool\s+workers-1-36-[0-9a-f]{6}\s+create/);
    expect(text).toMatch(/- .*gcp:container:NodePool\s+workers-1-35-[0-9a-f]{6}\s+delete/);
    expect(text).not.toMatch(/replace/);
    expect(code).toBe(0);
  });

  const names = async (): Promise<readonly string[]> => (await listNodes(kube)).map(node => node.name).sort();

  it("a node pool that GKE can't finish leaves the old one as it was", async () => {
    const before = await names();
    const fault = new Fault("RESOURCE_EXHAUSTED", "ZONE_RESOURCE_POOL_EXHAUSTED: no n2-standard-2 left", 429);
    gke.gcp.failures.plan({ action: "NodePoolMachines", on: /^workers-1-36-/, fault, times: 1 });
    const up = await gke.stack.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toContain("ZONE_RESOURCE_POOL_EXHAUSTED");
    expect(await names()).toEqual(before);
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(4);
    const [blue] = Object.values(gke.gcp.state.pools).filter(pool => pool.version === OLD_IMAGE);
    expect(blue).toMatchObject({
      status: "RUNNING",
      autoscaling: { enabled: true, totalMinNodeCount: 2, totalMaxNodeCount: 4 },
      management: { autoRepair: true },
    });
  });

  it("goes back with the pool, which keeps its nodes; only the failed pool goes", async () => {
    const before = await names();
    gke.stack.set({ pools: { workers: { ...gkeWorkers(OLD_IMAGE), version: "1.35" } } });
    const up = await gke.stack.up();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(await names()).toEqual(before);
    expect(Object.values(gke.gcp.state.pools).map(pool => pool.version)).toEqual([OLD_IMAGE]);
  });

  it("moves every workload within its budget to nodes of the new release", async () => {
    gke.stack.set({ pools: { workers: gkeWorkers(NEW_IMAGE) } });
    const audit = await startAuditor(labKubeconfig(LAB) ?? "", gke.stack.dir);
    const up = await gke.stack.up();
    const summary = await audit.stop();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectClean(summary);
    expect(await kubelets()).toEqual(["v1.36.4-gke.1000000"]);
    expect(labStatus(LAB).version).toBe("1.36.4");
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(4);
    expect(Object.values(gke.gcp.state.pools).map(pool => [pool.version, pool.config.taints])).toEqual([
      [NEW_IMAGE, []],
    ]);
  });

  it("changes nothing on the next run, also after a refresh", async () => {
    expect((await gke.stack.preview("--expect-no-changes")).code).toBe(0);
    expect((await gke.stack.run(["refresh", "--yes"])).code).toBe(0);
    expect((await gke.stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("destroys the cluster with everything that stands behind it", async () => {
    const destroy = await gke.stack.run(["destroy", "--yes"]);
    expect(destroy.text).not.toMatch(/error:/);
    expect(destroy.code).toBe(0);
    expect(existsSync(join(gke.stack.dir, "labs", LAB))).toBe(false);
  });
});

import { existsSync } from "node:fs";
import { join } from "node:path";
import type { KubeClient } from "../../kube";
import { ensureLab, labStatus } from "../../lab";
import { SIMULATOR } from "../../lab/simulator/ensure";
import { openCluster } from "../support/cluster";
import { pidOf } from "../support/labProcess";
import { readMarks, untilHeardOf } from "../support/nodes";
import { expectRefused } from "../support/outcome";
import { until, untilAlone } from "../support/processes";
import type { TestStack } from "../support/stack";
import { applyBudget, untilReady } from "../support/workloads";

const LAB = "misuse";
const OLD = "v1.35.8";
const PROBED = "/api/v1/namespaces/changeover-system";
const QUOTAS = `${PROBED}/resourcequotas`;
const PODS = `${PROBED}/pods`;
const QUOTA = /exceeded quota|status unknown for quota/;
const NODES = 2;
const REPLICAS = 3;
/** An outage is told, not waited out. */
const TOLD_MS = 90_000;

const cluster = (version: string): Record<string, unknown> => ({ name: LAB, cloud: "lab", version });

interface Exported {
  readonly deployment: { readonly resources: readonly { readonly urn: string }[] };
}

describe("misuse of the engine", () => {
  let stack: TestStack;
  let kube: KubeClient;
  let web: readonly string[];

  beforeAll(async () => {
    const config = {
      cluster: cluster("1.35"),
      pools: { workers: { size: { min: NODES, max: 4 }, drain: { timeout: "10s", deadlinePerUp: "10s" } } },
      health: { timeout: "10s" },
    };
    const workload = { name: "web", replicas: REPLICAS, maxUnavailable: 1 };
    ({ stack, kube } = await openCluster(LAB, config, [workload]));
    web = await serving();
  });

  afterAll(async () => {
    await stack.close();
    await kube.close();
  });

  const blueNodes = async (): Promise<number> =>
    (await readMarks(kube, "workers")).filter(({ kubelet }) => kubelet === OLD).length;

  /** The pods, by uid, as soon as all serve. */
  const serving = async (): Promise<readonly string[]> =>
    (await untilReady(kube, "web", REPLICAS)).map(({ uid }) => uid).sort();

  /**
   * Blue is there, whole, and the pods of the beginning serve, none of them moved or made anew. Waited for, because
   * the node controller may take a pod's readiness away, and the simulator give it back, seconds after an outage.
   */
  const expectUnharmed = async (): Promise<void> => {
    expect(await blueNodes()).toBe(NODES);
    expect(await serving()).toEqual(web);
  };

  /** No pod may start where green is probed, until the quota goes. A quota not counted yet refuses as well. */
  const refuseProbes = async (): Promise<void> => {
    const body = {
      apiVersion: "v1",
      kind: "ResourceQuota",
      metadata: { name: "none" },
      spec: { hard: { pods: "0" } },
    };
    await kube.request({ method: "POST", path: QUOTAS, body });
    let last: unknown;
    const isRefused = async (): Promise<boolean> => {
      last = await tryPod().catch((error: unknown) => error);
      return QUOTA.test(String(last));
    };
    await until(isRefused, { ms: 30_000, describe: () => String(last) });
  };

  const tryPod = (): Promise<unknown> => {
    const spec = { containers: [{ name: "app", image: "registry.k8s.io/pause:3.10" }] };
    const body = { apiVersion: "v1", kind: "Pod", metadata: { name: "probe" }, spec };
    return kube.request({ method: "POST", path: PODS, query: { dryRun: "All" }, body });
  };

  const blueUrn = async (kind: string): Promise<string> => {
    const { text } = await stack.must(["stack", "export"]);
    const { resources } = (JSON.parse(text) as Exported).deployment;
    const found = resources.find(({ urn }) => urn.includes(`:${kind}::workers-1-35-`));
    if (found === undefined) throw new Error(`no ${kind} of blue in state`);
    return found.urn;
  };

  it("an edited name is no new cluster: refused in the preview, and by an `up` without one", async () => {
    stack.set({ cluster: { ...cluster("1.35"), name: "renamed" } });
    for (const run of [await stack.preview(), await stack.up("--skip-preview")]) {
      expect(run.code).not.toBe(0);
      expect(run.text).toContain("UpgradeGate.AnotherCluster");
    }
    expect(labStatus("renamed").state).toBe("absent");
    await expectUnharmed();
    stack.set({ cluster: cluster("1.35") });
    expect((await stack.up()).code).toBe(0);
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("PULUMI_CONTINUE_ON_ERROR is refused before anything is registered", async () => {
    const run = await stack.run(["up", "--yes"], { PULUMI_CONTINUE_ON_ERROR: "true" });
    expectRefused(run, /Program\.ContinueOnError/);
  });

  it("a skip is refused at up too when its preview is skipped", async () => {
    stack.set({ cluster: cluster("1.37") });
    expectRefused(await stack.up("--skip-preview"), /ControlPlane\.SkippedMinor/);
    expect(labStatus(LAB).version).toBe("1.35.8");
  });

  it("an unreachable cluster: the preview says that it was not checked, up is refused", async () => {
    stack.set({ cluster: cluster("1.36") });
    // The simulator too: one that outlives the outage hears of the API again watch by watch, half a minute later.
    for (const role of ["balancer", SIMULATOR]) process.kill(pidOf(LAB, role), "SIGKILL");
    const started = Date.now();
    expect((await stack.preview()).text).toContain("live cluster not checked");
    expectRefused(await stack.up("--skip-preview"), /UpgradeGate\.Unreachable/);
    expect(Date.now() - started).toBeLessThan(TOLD_MS);
    expect(labStatus(LAB).version).toBe("1.35.8");
    await ensureLab({ name: LAB, version: "1.35.8" });
    await untilHeardOf(kube);
    await expectUnharmed();
  });

  it("--continue-on-error while green fails: nothing of blue is deleted", async () => {
    await refuseProbes();
    const run = await stack.up("--skip-preview", "--continue-on-error");
    await kube.request({ method: "DELETE", path: `${QUOTAS}/none` });
    expectRefused(run, QUOTA);
    expect(run.text).not.toMatch(/deleted/);
    await expectUnharmed();
  });

  it("--continue-on-error while the migration fails: nothing of blue is deleted", async () => {
    await applyBudget(kube, "web", 0);
    const run = await stack.up("--skip-preview", "--continue-on-error");
    expectRefused(run, /Migration\.(Paused|Blocked)/);
    expect(run.text).not.toMatch(/deleted/);
    await expectUnharmed();
  });

  it.each(["Interlock", "LabNodePool"])(
    "--target of blue's %s: refused with and without what depends on it",
    async kind => {
      const target = await blueUrn(kind);
      expectRefused(await stack.up("--skip-preview", "--target", target), /not specified in --target list/);
      const withAll = await stack.up("--skip-preview", "--target", target, "--target-dependents");
      expectRefused(withAll, /Interlock\.NotCompleted/);
      await expectUnharmed();
    },
  );

  it("destroy --target of blue's nodes: the interlock refuses", async () => {
    const target = await blueUrn("LabNodePool");
    const run = await stack.run([
      "destroy",
      "--yes",
      "--skip-preview",
      "--target",
      target,
      "--target-dependents",
    ]);
    expectRefused(run, /Interlock\.NotCompleted/);
    await expectUnharmed();
  });

  it("refresh after a failed up changes nothing", async () => {
    await stack.must(["refresh", "--yes", "--skip-preview"]);
    await expectUnharmed();
  });

  it("destroy after a failed up waits for nothing and leaves nothing", async () => {
    const started = Date.now();
    await stack.must(["destroy", "--yes", "--skip-preview"]);
    expect(Date.now() - started).toBeLessThan(60_000);
    expect(existsSync(join(stack.dir, "labs", LAB))).toBe(false);
    await untilAlone(stack.dir, 5_000);
  });
});

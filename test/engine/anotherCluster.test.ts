import type { KubeClient } from "../../kube";
import { openKube } from "../../kube";
import { destroyLab, ensureLab, labKubeconfig, labStatus } from "../../lab";
import { openCluster } from "../support/cluster";
import { expectDone, expectRefused } from "../support/outcome";
import type { TestStack } from "../support/stack";

const LAB = "another";

/** A connection may stay as it is and lead to another cluster: a kubeconfig that was replaced, a name that was reused. */
describe("another cluster behind the same connection", () => {
  let stack: TestStack;
  let strange: KubeClient | undefined;

  beforeAll(async () => {
    const config = { cluster: cluster("1.35"), pools: { workers: { size: { min: 1, max: 2 } } } };
    const opened = await openCluster(LAB, config, []);
    ({ stack } = opened);
    await opened.kube.close();
    expectDone(await stack.up());
    await destroyLab(LAB);
    await ensureLab({ name: LAB, version: "1.35.8" });
    strange = await openKube({ kubeconfig: labKubeconfig(LAB) ?? "" });
  });

  afterAll(async () => {
    await strange?.close();
    await stack.close();
  });

  const cluster = (version: string): Record<string, unknown> => ({ name: LAB, cloud: "lab", version });

  it.each(["1.35", "1.36"])(
    "is refused in the preview and at up, for %s, before anything is written",
    async version => {
      stack.set({ cluster: cluster(version) });
      for (const run of [await stack.preview(), await stack.up("--skip-preview")])
        expectRefused(run, /UpgradeGate\.AnotherCluster/);
      expect(labStatus(LAB).version).toBe("1.35.8");
      const path = "/api/v1/namespaces/changeover-system";
      await expect(strange?.request({ method: "GET", path })).rejects.toMatchObject({ kind: "notFound" });
    },
  );
});

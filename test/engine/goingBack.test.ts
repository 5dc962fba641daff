import type { KubeClient } from "../../kube";
import { labStatus, SIMULATE } from "../../lab";
import type { Audit } from "../support/auditor";
import { openCluster } from "../support/cluster";
import { expectServing, readMarks } from "../support/nodes";
import type { TestStack } from "../support/stack";
import { applyBudget, podsOf, untilReady } from "../support/workloads";

const LAB = "back";
const WEB = 4;
const OLD = "v1.35.8";
const NEW = "v1.36.4";

const cluster = (version: string): Record<string, unknown> => ({ name: LAB, cloud: "lab", version });
const workers = (version: string): Record<string, unknown> => ({
  workers: { version, size: { min: 2, max: 4 }, machine: "lab.small", drain: { timeout: "60s" } },
});
const smoke = (exitCode: string): Record<string, unknown> => ({
  jobs: [
    {
      name: "smoke",
      image: "registry.k8s.io/pause:3.10",
      command: ["/smoke"],
      annotations: {
        [SIMULATE.exitCode]: exitCode,
        [SIMULATE.duration]: "300ms",
        [SIMULATE.message]: "orders answered 500",
      },
      timeout: "60s",
    },
  ],
});

describe("going back is one line while blue stands", () => {
  let stack: TestStack;
  let kube: KubeClient;
  let audit: Audit;

  beforeAll(async () => {
    const config = { cluster: cluster("1.35"), pools: workers("1.35"), health: { timeout: "60s" } };
    const web = { name: "web", replicas: WEB, maxUnavailable: 0 };
    ({ stack, kube } = await openCluster(LAB, config, [web, { name: "free", replicas: 2 }]));
    audit = await stack.audit();
  });

  afterAll(async () => {
    await kube.close();
    await stack.close();
  });

  const expectHome = async (): Promise<void> => {
    expectServing(await readMarks(kube, "workers"), { kubelet: OLD, count: 2 });
    const pods = [...(await untilReady(kube, "web", WEB)), ...(await untilReady(kube, "free", 2))];
    expect(pods.filter(({ node }) => !node.startsWith("workers-1-35-"))).toEqual([]);
    expect(labStatus(LAB).version).toBe("1.36.4");
  };

  it("a migration that a budget blocks fails with the budget's name, and blue serves on", async () => {
    stack.set({ cluster: cluster("1.36"), pools: workers("1.36") });
    const up = await stack.up("--skip-preview");
    expect(up.code).not.toBe(0);
    expect(up.text).toContain("Migration.Blocked");
    expect(up.text).toMatch(/default\/web.*allows 0|budget.*default\/web/i);
    const blue = (await readMarks(kube, "workers")).filter(({ kubelet }) => kubelet === OLD);
    expect(blue).toHaveLength(2);
    const web = await podsOf(kube, "web");
    expect(web.filter(({ ready, node }) => ready && node.startsWith("workers-1-35-"))).toHaveLength(WEB);
  });

  it("then the pool's version set back opens blue, moves the rest home and removes green", async () => {
    await applyBudget(kube, "web", 1);
    stack.set({ pools: workers("1.35") });
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(up.text).toMatch(/~ .*Activation\s+workers updated/);
    expect(up.text).toMatch(/~ .*Migration\s+workers updated/);
    expect(up.text).toMatch(/- .*Interlock\s+workers-1-36-[0-9a-f]{6} deleted/);
    expect(up.text).toMatch(/- .*LabNodePool\s+workers-1-36-[0-9a-f]{6} deleted/);
    await expectHome();
  });

  it("changes nothing on the run right after", async () => {
    const again = await stack.preview("--expect-no-changes");
    expect(again.text).not.toMatch(/^ [~+-]/m);
    expect(again.code).toBe(0);
  });

  it("refuses the control plane's way back while it is final, and says what to do instead", async () => {
    stack.set({ cluster: cluster("1.35") });
    const preview = await stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("ControlPlane.Downgrade");
    expect(preview.text).toContain("set the pools' versions back instead");
    stack.set({ cluster: cluster("1.36") });
  });

  it("a failing validation Job fails the run with its exit code and last words, and blue stands", async () => {
    stack.set({ pools: workers("1.36"), validation: smoke("3") });
    const up = await stack.up("--skip-preview");
    expect(up.code).not.toBe(0);
    expect(up.text).toContain("Validation.JobFailed");
    expect(up.text).toContain("exit code 3");
    expect(up.text).toContain("orders answered 500");
    expect((await readMarks(kube, "workers")).filter(({ kubelet }) => kubelet === OLD)).toHaveLength(2);
    const web = await untilReady(kube, "web", WEB);
    expect(web.filter(({ node }) => !node.startsWith("workers-1-36-"))).toEqual([]);
  });

  it("then going back moves everything home, green goes through its interlock", async () => {
    stack.set({ pools: workers("1.35"), validation: smoke("0") });
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    await expectHome();
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("and forward again, the same line as before: validated anew, nothing of the first try counts", async () => {
    stack.set({ pools: workers("1.36") });
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(up.text).toContain("validation smoke passed");
    expectServing(await readMarks(kube, "workers"), { kubelet: NEW, count: 2 });
    await untilReady(kube, "web", WEB);
    const { violations, failedRequests, wrongEvictions } = await audit.stop();
    expect({ violations, failedRequests, wrongEvictions }).toEqual({
      violations: [],
      failedRequests: [],
      wrongEvictions: [],
    });
  });
});

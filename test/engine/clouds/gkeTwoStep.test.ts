import { type KubeClient, readVersion } from "../../../kube";
import { labStatus } from "../../../lab";
import { expectClean } from "../../support/auditor";
import { furnish } from "../../support/cluster";
import { gkeCluster, type GkeStack, gkeWorkers, openGkeStack } from "../../support/gkeStack";
import { eventually } from "../../support/temporaryLabs";

const LAB = "gke-steps";
const OLD = "1.35.8-gke.1000000";
const [CLUSTER, POOL] = [/gcp:container:Cluster .*updat/, /gcp:container:NodePool .*(creat|delet|updat)/];

jest.setTimeout(900_000);

describe("GKE's two steps, on a stand-in for Google Cloud", () => {
  let gke: GkeStack;
  let kube: KubeClient;

  const at = (version: string, stage: "emulated" | "final"): void =>
    gke.stack.set({ cluster: { ...gkeCluster(LAB, version), stage } });

  beforeAll(async () => {
    gke = await openGkeStack(LAB, {
      cluster: gkeCluster(LAB, "1.35"),
      pools: { workers: { ...gkeWorkers(OLD), version: "1.35" } },
      backup: { kind: "none" },
      soak: { duration: "1s" },
      health: { timeout: "2m" },
    });
    ({ kube } = await furnish(gke.stack, []));
  });

  afterAll(async () => {
    await kube.close();
    await gke.close();
  });

  /** Only the control plane moved. */
  const up = async (...args: readonly string[]): Promise<string> => {
    const run = await gke.stack.up("--skip-preview", ...args);
    expect(run.text).not.toMatch(/error:/);
    expect(run.code).toBe(0);
    expect(run.text).not.toMatch(POOL);
    return run.text;
  };

  const serves = async (): Promise<readonly [string, string | undefined]> => {
    const { binary, emulated } = await readVersion(kube);
    return [binary, emulated];
  };

  it("takes the first step by the provider, and says until when it can be taken back", async () => {
    at("1.36", "emulated");
    const preview = await gke.stack.preview("--policy-pack", "policy");
    expect(preview.text).toContain("Gke.CompletesByItself");
    expect(preview.code).toBe(0);
    const audit = await gke.stack.audit();
    const text = await up("--policy-pack", "policy");
    expectClean(await audit.stop());
    expect(text).toMatch(CLUSTER);
    const { until = "" } = gke.gcp.state.clusters[LAB]?.soaking ?? {};
    expect(text).toContain(`the way back is open until ${until}`);
    expect(await serves()).toEqual(["1.36.4", "1.35"]);
  });

  it("changes nothing on the next run, refreshed or not, and says the date again", async () => {
    for (const args of [[], ["--refresh"]]) {
      const { text, code } = await gke.stack.preview("--expect-no-changes", ...args);
      expect(text).toContain("Gke.Soaking");
      expect(code).toBe(0);
    }
  });

  it("goes back by `up`, although the provider sends nothing for it, and shows no diff after", async () => {
    at("1.35", "final");
    await up("--policy-pack", "policy");
    expect(await serves()).toEqual(["1.35.8", undefined]);
    expect(gke.gcp.state.clusters[LAB]).toMatchObject({ version: OLD });
    for (const args of [[], ["--refresh"]])
      expect((await gke.stack.preview("--expect-no-changes", ...args)).code).toBe(0);
  });

  it("goes forward again", async () => {
    at("1.36", "emulated");
    await up();
    expect(await serves()).toEqual(["1.36.4", "1.35"]);
  });

  it("sees that GKE completed it by itself: there is no way back, and `final` has nothing to send", async () => {
    const soaking = gke.gcp.state.clusters[LAB]?.soaking;
    if (soaking === undefined) throw new Error("nothing soaks");
    soaking.until = new Date().toISOString();
    await gke.stack.run(["refresh", "--yes", "--skip-preview"]);
    await eventually("the second step", () =>
      Promise.resolve(labStatus(LAB).emulated === undefined || undefined),
    );
    for (const [version, stage] of [
      ["1.36", "emulated"],
      ["1.35", "final"],
    ] as const) {
      at(version, stage);
      const { text, code } = await gke.stack.preview();
      expect(text).toContain("ControlPlane.BecameFinal");
      expect(code).not.toBe(0);
    }
    at("1.36", "final");
    const before = Object.keys(gke.gcp.state.operations).length;
    expect(await up("--policy-pack", "policy")).not.toMatch(CLUSTER);
    expect(Object.keys(gke.gcp.state.operations)).toHaveLength(before);
    expect((await gke.stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

import { type KubeClient, readVersion } from "../../../kube";
import { openClient } from "../../../lab/clouds/gcp/plugin/client";
import type { Soaking } from "../../../lab/clouds/gcp/state";
import { ACCESS_TOKEN } from "../../../lab/clouds/gcp/token";
import { expectClean } from "../../support/auditor";
import { furnish } from "../../support/cluster";
import { gkeCluster, type GkeStack, gkeWorkers, openGkeStack } from "../../support/gkeStack";
import { eventually } from "../../support/temporaryLabs";

const LAB = "gke-steps";
const CLUSTER_PATH = `projects/changeover-test/locations/europe-west1/clusters/${LAB}`;
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

  const up = async (...args: readonly string[]): Promise<string> => {
    const run = await gke.stack.up("--skip-preview", ...args);
    expect(run.text).not.toMatch(/error:/);
    expect(run.code).toBe(0);
    return run.text;
  };

  const client = () => openClient({ base: `${gke.gcp.endpoint}/v1/`, token: ACCESS_TOKEN });

  const soaking = (): Soaking => {
    const found = gke.gcp.state.clusters[LAB]?.soaking;
    if (found === undefined) throw new Error("nothing soaks");
    return found;
  };

  const serves = async (): Promise<readonly [string, string | undefined]> => {
    const { binary, emulated } = await readVersion(kube);
    return [binary, emulated];
  };

  it("takes the first step by the provider, and says until when it can be taken back", async () => {
    at("1.36", "emulated");
    const audit = await gke.stack.audit();
    const text = await up("--policy-pack", "policy");
    expectClean(await audit.stop());
    expect(text).toMatch(CLUSTER);
    expect(text).toContain("Gke.CompletesByItself");
    expect(text).toContain(`the way back is open until ${soaking().until}`);
    expect(text).not.toMatch(POOL);
    expect(await serves()).toEqual(["1.36.4", "1.35"]);
  });

  it("changes nothing on the next run, also after a refresh, and says the date again", async () => {
    const { text, code } = await gke.stack.preview("--expect-no-changes", "--refresh");
    expect(text).toContain(`can go back to it until ${soaking().until}`);
    expect(code).toBe(0);
  });

  it("goes back by `up`, although the provider sends nothing for it, and shows no diff after", async () => {
    at("1.35", "final");
    expect(await up("--policy-pack", "policy")).not.toMatch(POOL);
    expect(await serves()).toEqual(["1.35.8", undefined]);
    expect(gke.gcp.state.clusters[LAB]).toMatchObject({ version: OLD });
    expect((await gke.stack.preview("--expect-no-changes", "--refresh")).code).toBe(0);
  });

  it("goes forward again; once GKE completed it by itself the way back is refused with that", async () => {
    at("1.36", "emulated");
    await up();
    expect(await serves()).toEqual(["1.36.4", "1.35"]);
    soaking().until = new Date().toISOString();
    await eventually("the second step", async () => {
      await client().find(CLUSTER_PATH);
      return gke.gcp.state.clusters[LAB]?.soaking === undefined ? true : undefined;
    });
    at("1.35", "final");
    const { text, code } = await gke.stack.preview();
    expect(text).toContain("ControlPlane.BecameFinal");
    expect(code).not.toBe(0);
  });

  it("`final` then has nothing to send, so the pools may move in the same `up`", async () => {
    at("1.36", "final");
    gke.stack.set({ pools: { workers: gkeWorkers("1.36.4-gke.1000000") } });
    const text = await up("--policy-pack", "policy");
    expect(text).not.toMatch(CLUSTER);
    expect(Object.values(gke.gcp.state.pools).map(({ version }) => version)).toEqual(["1.36.4-gke.1000000"]);
    expect((await gke.stack.preview("--expect-no-changes")).code).toBe(0);
  });
});

import { type KubeClient, listNodes } from "../../../kube";
import { labKubeconfig } from "../../../lab";
import { openClient } from "../../../lab/clouds/gcp/plugin/client";
import { ACCESS_TOKEN } from "../../../lab/clouds/gcp/token";
import { expectClean, startAuditor } from "../../support/auditor";
import { openApps } from "../../support/cluster";
import { type GkeStack, openGkeStack } from "../../support/gkeStack";
import { gkeLogin, READER, readByKubeconfig } from "../../support/kubeconfigUser";
import { podsOf } from "../../support/workloads";

const LAB = "gke-adopt";
const POOL = "main-pool";
const PROJECT = "changeover-test";
const WHERE = ["--cloud", "gke", "--cluster", LAB, "--region", "europe-west1", "--project", PROJECT];
const CLUSTERS = `projects/${PROJECT}/locations/europe-west1/clusters`;

jest.setTimeout(900_000);

describe("a cluster and node pool that were there before, on a stand-in for Google Cloud", () => {
  let gke: GkeStack;
  let kube: KubeClient;

  /** As somebody else made them: with GKE's own API, autoscaled per zone, without any label of changeover's. */
  const makeByHand = async (): Promise<void> => {
    const client = openClient({ base: `${gke.gcp.endpoint}/v1/`, token: ACCESS_TOKEN });
    const cluster = { name: LAB, initialClusterVersion: "1.35", initialNodeCount: 1, network: "default" };
    await client.change("POST", CLUSTERS, { cluster });
    await client.change("DELETE", `${CLUSTERS}/${LAB}/nodePools/default-pool`);
    const nodePool = {
      ...{ name: POOL, version: "1.35.8-gke.1000000", initialNodeCount: 1 },
      locations: ["europe-west1-b", "europe-west1-c"],
      autoscaling: { enabled: true, minNodeCount: 1, maxNodeCount: 2 },
      management: { autoRepair: true, autoUpgrade: false },
      config: {
        ...{ machineType: "n2-standard-2", imageType: "COS_CONTAINERD", labels: { team: "shop" } },
        serviceAccount: `gke-nodes@${PROJECT}.iam.gserviceaccount.com`,
      },
    };
    await client.change("POST", `${CLUSTERS}/${LAB}/nodePools`, { nodePool });
  };

  beforeAll(async () => {
    gke = await openGkeStack(LAB, { soak: { duration: "1s" }, health: { timeout: "2m" } });
    await makeByHand();
    kube = await openApps(LAB);
  });

  afterAll(async () => {
    await kube.close();
    await gke.close();
  });

  const names = async (): Promise<readonly string[]> => (await listNodes(kube)).map(node => node.name).sort();

  it("writes the config, labels the template and the nodes, and says so when run again", async () => {
    const adopt = await gke.stack.changeover(
      ...["adopt", `workers=${POOL}`, "--stack", "test", ...WHERE, "--write", "--output", "json"],
    );
    expect(adopt.text).toContain('"written":true');
    expect(adopt.code).toBe(0);
    const [node] = await listNodes(kube);
    expect(node?.labels["changeover.dev/generation"]).toMatch(/^workers-1-35-[0-9a-f]{6}$/);
    expect(gke.gcp.state.pools[`${LAB}/${POOL}`]?.config.labels).toMatchObject({
      team: "shop",
      "changeover.dev/pool": "workers",
    });
    expect(gke.stack.said("pools")["workers"]).toMatchObject({ size: { min: 2, max: 4 }, zones: ["b", "c"] });
    const again = await gke.stack.changeover("adopt", "--stack", "test");
    expect(again.text).toBe("nothing to do: config and labels say so already\n");
  });

  it("the preview imports both and makes, changes or replaces nothing of Google's; so does the `up`", async () => {
    const { text, code } = await gke.stack.preview("--policy-pack", "policy");
    expect(text).toMatch(/= .*gcp:container:Cluster\s+gke-adopt\s+import/);
    expect(text).toMatch(/= .*gcp:container:NodePool\s+workers-1-35-[0-9a-f]{6}\s+import/);
    expect(text).not.toMatch(/^ *[~+-]+ .*gcp:container/m);
    expect(code).toBe(0);
    const before = await names();
    await readByKubeconfig(gke.stack, gkeLogin);
    const up = await gke.stack.up();
    expect(up.text).not.toMatch(/error:/);
    expect(up.text).toMatch(READER);
    expect(await names()).toEqual(before);
    expect((await gke.stack.run(["refresh", "--yes"])).code).toBe(0);
    expect((await gke.stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("an upgrade moves the workloads to the pinned version within their budget, and the adopted pool goes", async () => {
    gke.stack.set({ cluster: { ...gke.stack.said("cluster"), version: "1.36" } });
    const pin = await gke.stack.changeover("pin", "--stack", "test", "--write");
    expect(pin.text).toContain('changeover:pools.workers.image = "1.36.4-gke.1000000"');
    const audit = await startAuditor(labKubeconfig(LAB) ?? "", gke.stack.dir);
    const up = await gke.stack.up("--policy-pack", "policy");
    const summary = await audit.stop();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectClean(summary);
    expect(up.text).not.toMatch(READER);
    expect(Object.values(gke.gcp.state.pools).map(({ name }) => name)).toEqual([
      expect.stringMatching(/^workers-1-36-[0-9a-f]{6}$/),
    ]);
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(4);
  });
});

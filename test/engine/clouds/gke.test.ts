import fc from "fast-check";
import { Fault } from "../../../lab/clouds/fault";
import { describeCloudUpgrade } from "../../support/cloudUpgrade";
import { gkeCluster, gkeWorkers, openGkeStack } from "../../support/gkeStack";

const NAME = "gke-up";
const IMAGES: Readonly<Record<string, string>> = {
  "1.35": "1.35.8-gke.1000000",
  "1.36": "1.36.4-gke.1000000",
  "1.37": "1.37.1-gke.1000000",
};

const STOCKOUT =
  "Instance 'gke-workers-1' creation failed: The zone 'projects/changeover-test/zones/europe-west1-b' does not have enough resources available to fulfill the request.";

const imageOf = (minor: string): string => IMAGES[minor] ?? "";

jest.setTimeout(900_000);

describeCloudUpgrade("GKE by its real SDKs, on a stand-in for Google Cloud", {
  name: NAME,
  open: openGkeStack,
  cluster: minor => gkeCluster(NAME, minor),
  pools: minor => ({ workers: gkeWorkers(imageOf(minor)) }),
  poolsBehind: () => ({ workers: { ...gkeWorkers(imageOf("1.35")), version: "1.35" } }),
  types: { cluster: "gcp:container:Cluster", pool: "gcp:container:NodePool" },
  edits: {
    clusters: [gkeCluster(NAME, "1.35"), gkeCluster(NAME, "1.36")],
    own: fc.record(
      {
        serviceAccount: fc.constant("others@changeover-test.iam.gserviceaccount.com"),
        network: fc.constant("another"),
        podRange: fc.constant("pods"),
        maintenance: fc.constantFrom({ dailyStart: "05:00" }, {}),
        deletionProtection: fc.boolean(),
      },
      { requiredKeys: [] },
    ),
    now: { ...gkeWorkers(imageOf("1.35")), version: "1.35" },
    pool: {
      machines: ["n2-standard-2", "n2-standard-4", "e2-standard-2"],
      images: [imageOf("1.35"), imageOf("1.36"), `UBUNTU_CONTAINERD/${imageOf("1.36")}`],
      zones: ["b", "c", "d"],
      versions: ["1.35", "1.36"],
    },
  },
  kubelet: minor => `v${imageOf(minor)}`,
  fail: ({ gcp }) =>
    gcp.failures.plan({
      action: "NodePoolMachines",
      on: /^workers-1-36-/,
      fault: new Fault("GCE_STOCKOUT", STOCKOUT),
      times: 1,
    }),
  failed: {
    run: 'was created in the error state "ERROR"',
    preview: ["Gke.PoolUnmade", `GCE_STOCKOUT: ${STOCKOUT}`, "take another machine type or other zones"],
  },
  made: ({ gcp }) =>
    Object.values(gcp.state.pools).map(({ version, config }) => ({
      version,
      taints: config.taints?.length ?? 0,
    })),
  expectOpen: ({ gcp }) => {
    const [blue] = Object.values(gcp.state.pools).filter(({ version }) => version === imageOf("1.35"));
    expect(blue).toMatchObject({
      status: "RUNNING",
      autoscaling: { enabled: true, totalMinNodeCount: 2, totalMaxNodeCount: 4 },
      management: { autoRepair: true },
    });
  },
});

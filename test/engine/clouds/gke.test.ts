import { Fault } from "../../../lab/clouds/fault";
import { describeCloudUpgrade } from "../../support/cloudUpgrade";
import { gkeCluster, gkeWorkers, openGkeStack } from "../../support/gkeStack";

const NAME = "gke-up";
const IMAGES: Readonly<Record<string, string>> = {
  "1.35": "1.35.8-gke.1000000",
  "1.36": "1.36.4-gke.1000000",
  "1.37": "1.37.1-gke.1000000",
};

const imageOf = (minor: string): string => IMAGES[minor] ?? "";

jest.setTimeout(900_000);

describeCloudUpgrade("GKE by its real SDKs, on a stand-in for Google Cloud", {
  name: NAME,
  open: openGkeStack,
  cluster: minor => gkeCluster(NAME, minor),
  pools: minor => ({ workers: gkeWorkers(imageOf(minor)) }),
  poolsBehind: () => ({ workers: { ...gkeWorkers(imageOf("1.35")), version: "1.35" } }),
  types: { cluster: "gcp:container:Cluster", pool: "gcp:container:NodePool" },
  kubelet: minor => `v${imageOf(minor)}`,
  fail: ({ gcp }, reason) =>
    gcp.failures.plan({
      action: "NodePoolMachines",
      on: /^workers-1-36-/,
      fault: new Fault("RESOURCE_EXHAUSTED", reason, 429),
      times: 1,
    }),
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

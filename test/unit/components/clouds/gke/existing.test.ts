import type { GkeCluster, GkePool } from "../../../../../components/clouds/gke/live/found";
import { shapeOf } from "../../../../../components/clouds/gke/live/shape";
import { judgeCluster, judgePool } from "../../../../../components/clouds/gke/live/judgeExisting";

const ACCOUNT = "gke-nodes@my-project.iam.gserviceaccount.com";
const config = { machineType: "n2-standard-2", imageType: "COS_CONTAINERD", serviceAccount: ACCOUNT };

const ofCluster = (cluster: GkeCluster): readonly string[] =>
  judgeCluster("eu", { status: "RUNNING", ...cluster }).map(({ code }) => code);

const ofPool = (pool: GkePool): readonly string[] =>
  judgePool({ name: "pool-1", status: "RUNNING", config, ...pool }, ACCOUNT).map(({ code }) => code);

describe("what stands against taking over a GKE cluster", () => {
  it("nothing, for a Standard cluster outside the channels", () => {
    expect(ofCluster({})).toEqual([]);
    expect(ofCluster({ releaseChannel: { channel: "UNSPECIFIED" } })).toEqual([]);
  });

  it("that it is between the two steps of an upgrade", () => {
    const soaking = { currentMasterVersion: "1.36.4-gke.1000000", currentEmulatedVersion: "1.35" };
    expect(ofCluster(soaking)).toEqual(["Adopt.GkeSoaking"]);
  });

  it("all that would make or upgrade nodes past the gates, at once", () => {
    const cluster = {
      status: "RECONCILING",
      autopilot: { enabled: true },
      autoscaling: { enableNodeAutoprovisioning: true },
      releaseChannel: { channel: "REGULAR" },
    };
    expect(ofCluster(cluster)).toEqual([
      "Adopt.GkeNotRunning",
      "Adopt.GkeAutopilot",
      "Adopt.GkeAutoProvisioning",
      "Gke.ReleaseChannel",
    ]);
  });
});

describe("what stands against taking over a node pool", () => {
  it("nothing, where a new generation would be made the same", () => {
    expect(ofPool({})).toEqual([]);
  });

  it.each<readonly [string, GkePool, string]>([
    ["an operation under way", { status: "RECONCILING" }, "Adopt.GkePoolNotRunning"],
    ["node auto-upgrade", { management: { autoUpgrade: true } }, "Gke.AutoUpgrade"],
    ["preemptible machines", { config: { ...config, preemptible: true } }, "Adopt.GkePreemptible"],
    ["Windows", { config: { ...config, imageType: "WINDOWS_LTSC_CONTAINERD" } }, "Adopt.GkeWindows"],
    ["GPUs", { config: { ...config, accelerators: [{}] } }, "Adopt.GkeWouldBeLost"],
    ["network tags", { config: { ...config, tags: ["web"] } }, "Adopt.GkeWouldBeLost"],
    [
      "another service account",
      { config: { ...config, serviceAccount: "default" } },
      "Adopt.GkeServiceAccount",
    ],
  ])("%s", (_what, pool, expected) => {
    expect(ofPool(pool)).toEqual([expected]);
  });
});

describe("what else config says of a pool's machines", () => {
  it.each([
    ["nothing, where a new pool would have it anyway", { diskSizeGb: 100 }, {}],
    ["spot and another disk", { spot: true, diskSizeGb: 200 }, { capacity: "spot", diskGiB: 200 }],
  ] as const)("%s", (_what, more, expected) => {
    expect(shapeOf({ ...config, ...more })).toEqual(expected);
    expect(ofPool({ config: { ...config, ...more } })).toEqual([]);
  });
});

import fc from "fast-check";
import { Fault } from "../../../lab/clouds/fault";
import { describeCloudUpgrade } from "../../support/cloudUpgrade";
import { eksCluster, eksWorkers, openEksStack } from "../../support/eksStack";

const NAME = "eks-up";
const IMAGES: Readonly<Record<string, string>> = {
  "1.35": "1.35.8-20261105",
  "1.36": "1.36.4-20261105",
  "1.37": "1.37.1-20261105",
};

/** In AWS's words, as it comes through EKS. */
const NO_VCPUS =
  "Could not launch On-Demand Instances. VcpuLimitExceeded - You have requested more vCPU capacity than your current vCPU limit of 4 allows. Launching EC2 instance failed.";

const workers = (minor: string): Record<string, unknown> => eksWorkers(IMAGES[minor] ?? "");

jest.setTimeout(900_000);

describeCloudUpgrade("EKS by its real SDKs, on a stand-in for AWS", {
  name: NAME,
  open: openEksStack,
  cluster: minor => eksCluster(NAME, minor),
  pools: minor => ({ workers: workers(minor) }),
  poolsBehind: () => ({ workers: { ...workers("1.35"), version: "1.35" } }),
  types: { cluster: "aws:eks:Cluster", pool: "aws:eks:NodeGroup" },
  edits: {
    clusters: [eksCluster(NAME, "1.35"), eksCluster(NAME, "1.36")],
    own: fc.record(
      {
        roleArn: fc.constant("arn:aws:iam::111122223333:role/another"),
        nodeRoleArn: fc.constant("arn:aws:iam::111122223333:role/other-nodes"),
        logs: fc.constantFrom([], ["api", "scheduler"]),
        support: fc.constantFrom("standard", "extended"),
        endpoint: fc.constantFrom({ private: false }, { publicCidrs: ["10.0.0.0/8"] }),
      },
      { requiredKeys: [] },
    ),
    now: { ...workers("1.35"), version: "1.35" },
    pool: {
      machines: ["m7i.large", "m7i.xlarge", "m7g.large"],
      images: [IMAGES["1.35"] ?? "", IMAGES["1.36"] ?? "", `BOTTLEROCKET_x86_64/${IMAGES["1.36"] ?? ""}`],
      zones: ["a", "b"],
      versions: ["1.35", "1.36"],
    },
  },
  kubelet: minor => `v${minor === "1.35" ? "1.35.8" : "1.36.4"}-eks-standin`,
  fail: ({ aws }) =>
    aws.failures.plan({
      action: "NodegroupNodes",
      on: /^workers-1-36-/,
      fault: new Fault("AsgInstanceLaunchFailures", NO_VCPUS),
      times: 1,
    }),
  failed: {
    run: `AsgInstanceLaunchFailures: ${NO_VCPUS}`,
    preview: ["Eks.GroupUnmade", NO_VCPUS, "raise EC2's quota of vCPUs"],
  },
  made: ({ aws }) =>
    Object.values(aws.state.groups).map(({ version, taints }) => ({ version, taints: taints.length })),
  expectOpen: ({ aws }) => {
    const [blue] = Object.values(aws.state.groups).filter(({ version }) => version === "1.35");
    expect(blue).toMatchObject({ status: "ACTIVE", suspended: [], scaling: { minSize: 2, maxSize: 4 } });
  },
});

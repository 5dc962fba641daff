import { Fault } from "../../../lab/clouds/fault";
import { describeCloudUpgrade } from "../../support/cloudUpgrade";
import { eksCluster, eksWorkers, openEksStack } from "../../support/eksStack";

const NAME = "eks-up";
const IMAGES: Readonly<Record<string, string>> = {
  "1.35": "1.35.8-20261105",
  "1.36": "1.36.4-20261105",
  "1.37": "1.37.1-20261105",
};

const workers = (minor: string): Record<string, unknown> => eksWorkers(IMAGES[minor] ?? "");

jest.setTimeout(900_000);

describeCloudUpgrade("EKS by its real SDKs, on a stand-in for AWS", {
  name: NAME,
  open: openEksStack,
  cluster: minor => eksCluster(NAME, minor),
  pools: minor => ({ workers: workers(minor) }),
  poolsBehind: () => ({ workers: { ...workers("1.35"), version: "1.35" } }),
  types: { cluster: "aws:eks:Cluster", pool: "aws:eks:NodeGroup" },
  kubelet: minor => `v${minor === "1.35" ? "1.35.8" : "1.36.4"}-eks-standin`,
  fail: ({ aws }, reason) =>
    aws.failures.plan({
      action: "NodegroupNodes",
      on: /^workers-1-36-/,
      fault: new Fault("AsgInstanceLaunchFailures", reason),
      times: 1,
    }),
  made: ({ aws }) =>
    Object.values(aws.state.groups).map(({ version, taints }) => ({ version, taints: taints.length })),
  expectOpen: ({ aws }) => {
    const [blue] = Object.values(aws.state.groups).filter(({ version }) => version === "1.35");
    expect(blue).toMatchObject({ status: "ACTIVE", suspended: [], scaling: { minSize: 2, maxSize: 4 } });
  },
});

import { AutoScalingClient, SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import { EKSClient, UpdateClusterVersionCommand } from "@aws-sdk/client-eks";
import { scalingName } from "../../../lab/clouds/aws/nodeGroups";
import { Fault } from "../../../lab/clouds/fault";
import { describeCloudTrouble } from "../../support/cloudTrouble";
import { eksCluster, type EksStack, eksWorkers, openEksStack } from "../../support/eksStack";
import { expectRefused } from "../../support/outcome";
import { until } from "../../support/processes";

const NAME = "eks-trouble";
const IMAGES: Readonly<Record<string, string>> = { "1.35": "1.35.8-20261105", "1.36": "1.36.4-20261105" };

const credentials = { accessKeyId: "STANDIN", secretAccessKey: "stand-in" };

const role = (name: string) => `arn:aws:iam::000000000000:role/team/${name}`;
const session = (name: string) => `arn:aws:sts::000000000000:assumed-role/${name}/someone`;

/** Who may get in: of two one is taken out with the upgrade. */
const plane = (minor: string): Record<string, unknown> => {
  const cluster = eksCluster(NAME, minor);
  const admins = minor === "1.35" ? [role("ops"), role("leaver")] : [role("ops")];
  return { ...cluster, eks: { ...(cluster["eks"] as object), admins } };
};

const entries = ({ aws }: EksStack) => Object.values(aws.state.entries).map(({ principal }) => principal);

const groups = ({ aws }: EksStack) => Object.values(aws.state.groups);

jest.setTimeout(900_000);

describeCloudTrouble("an EKS stack in trouble, on a stand-in for AWS", {
  name: NAME,
  open: openEksStack,
  cluster: plane,
  workers: minor => ({ ...eksWorkers(IMAGES[minor] ?? ""), version: minor }),
  elsewhere: { cluster: { ...plane("1.36"), region: "eu-west-9" }, said: "Eks.RegionUnknown" },
  first: cloud =>
    it("tells who has no access what to do, and lets in from here on whom config names", async () => {
      const { aws, stack } = cloud();
      expect(entries(cloud())).toEqual([role("deployer"), role("ops"), role("leaver")]);
      aws.world.caller = session("stranger");
      const preview = await stack.preview();
      aws.world.caller = session("ops");
      expectRefused(preview, /Eks\.NoAccess/);
      expect(preview.text).toContain(`add ${role("stranger")} to cluster.eks.admins`);
    }),
  finally: eks => expect(entries(eks)).toEqual([role("deployer"), role("ops")]),
  type: "aws:eks:NodeGroup",
  making: "NodegroupNodes",
  id: /^eks-trouble:workers-1-36-/,
  failures: ({ aws }) => aws.failures,
  moveAhead: async ({ aws }) => {
    const { endpoint, region } = aws;
    const client = new EKSClient({ endpoint, region, credentials });
    await client.send(new UpdateClusterVersionCommand({ name: NAME, version: "1.36" }));
    const status = () => aws.state.clusters[NAME]?.status;
    await until(() => status() === "ACTIVE", { ms: 120_000, describe: status });
  },
  moves: ({ aws }) => aws.state.clusters[NAME]?.updates.length ?? 0,
  pools: eks =>
    groups(eks).map(({ version, scaling, suspended, scalingTags, labels, taints, tags }) => ({
      minor: version,
      settings: structuredClone({
        ...{ suspended, scalingTags, labels, taints, tags },
        bounds: [scaling.minSize, scaling.maxSize],
      }),
    })),
  throttled: {
    fault: new Fault("ThrottlingException", "Rate exceeded", 429),
    actions: ["DescribeNodegroup", "SuspendProcesses", "DescribeAutoScalingGroups"],
  },
  autoscale: async (eks, minor, size) => {
    const { endpoint, region } = eks.aws;
    const client = new AutoScalingClient({ endpoint, region, credentials });
    const group = groups(eks).find(({ version }) => version === minor);
    if (group === undefined) throw new Error(`no group of ${minor}`);
    const wish = { AutoScalingGroupName: scalingName(group), DesiredCapacity: size };
    await client.send(new SetDesiredCapacityCommand(wish));
  },
  late: /out of bounds/,
});

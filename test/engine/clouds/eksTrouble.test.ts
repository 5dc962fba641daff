import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { AutoScalingClient, SetDesiredCapacityCommand } from "@aws-sdk/client-auto-scaling";
import { EKSClient, UpdateClusterVersionCommand } from "@aws-sdk/client-eks";
import { type KubeClient, listNodes } from "../../../kube";
import { labStatus } from "../../../lab";
import { scalingName } from "../../../lab/clouds/aws/nodeGroups";
import { Fault } from "../../../lab/clouds/fault";
import { expectClean } from "../../support/auditor";
import { furnish } from "../../support/cluster";
import { eksCluster, type EksStack, eksWorkers, openEksStack } from "../../support/eksStack";
import { until, untilAlone } from "../../support/processes";
import { podsOf } from "../../support/workloads";

const LAB = "eks-trouble";
const OLD_IMAGE = "1.35.8-20261105";
const NEW_IMAGE = "1.36.4-20261105";
const CHANGEOVER = resolve(__dirname, "../../../cli/bin.cjs");
const ORPHAN_MS = 60_000;

const role = (name: string) => `arn:aws:iam::000000000000:role/team/${name}`;
const session = (name: string) => `arn:aws:sts::000000000000:assumed-role/${name}/someone`;
const plane = (version: string, admins = [role("ops"), role("leaver")]): Record<string, unknown> => {
  const cluster = eksCluster(LAB, version);
  return { ...cluster, eks: { ...(cluster["eks"] as object), admins } };
};

jest.setTimeout(900_000);

describe("an EKS stack in trouble, on a stand-in for AWS", () => {
  let eks: EksStack;
  let kube: KubeClient;
  let sdk: { readonly eks: EKSClient; readonly scaling: AutoScalingClient };

  beforeAll(async () => {
    eks = await openEksStack(LAB, {
      cluster: plane("1.35"),
      pools: { workers: { ...eksWorkers(OLD_IMAGE), version: "1.35" } },
      backup: { kind: "none" },
      soak: { duration: "1s" },
      health: { timeout: "2m" },
    });
    ({ kube } = await furnish(eks.stack));
    const { endpoint, region } = eks.aws;
    const credentials = { accessKeyId: "STANDIN", secretAccessKey: "stand-in" };
    sdk = {
      eks: new EKSClient({ endpoint, region, credentials }),
      scaling: new AutoScalingClient({ endpoint, region, credentials }),
    };
  });

  afterAll(async () => {
    await kube.close();
    await eks.close();
  });

  const groups = () => Object.values(eks.aws.state.groups);
  const cluster = () => eks.aws.state.clusters[LAB];
  const entries = () => Object.values(eks.aws.state.entries).map(({ principal }) => principal);

  it("tells who has no access what to do, and lets in from here on whom config names", async () => {
    expect(entries()).toEqual([role("deployer"), role("ops"), role("leaver")]);
    eks.aws.world.caller = session("stranger");
    const preview = await eks.stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("Eks.NoAccess");
    expect(preview.text).toContain(`add ${role("stranger")} to cluster.eks.admins`);
    eks.aws.world.caller = session("ops");
  });

  it("a version that moved without us is named as drift, and a refresh takes it over", async () => {
    await sdk.eks.send(new UpdateClusterVersionCommand({ name: LAB, version: "1.36" }));
    await until(() => Promise.resolve(cluster()?.status === "ACTIVE"), {
      ms: 120_000,
      describe: () => cluster()?.status,
    });
    const preview = await eks.stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("ControlPlane.DriftedAhead");
    eks.stack.set({ cluster: plane("1.36") });
    const up = await eks.stack.up("--refresh");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(cluster()?.updates).toHaveLength(1);
  });

  it("another region is another cluster, refused while this one is there, and more so where there is no such region", async () => {
    eks.stack.set({ cluster: { ...plane("1.36"), region: "eu-west-9" } });
    const preview = await eks.stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("UpgradeGate.AnotherCluster");
    expect(preview.text).toContain("Eks.RegionUnknown");
    eks.stack.set({ cluster: plane("1.36") });
  });

  it("killed while a node group was being made, it finds the group again", async () => {
    eks.stack.set({ pools: { workers: eksWorkers(NEW_IMAGE) } });
    const up = eks.stack.start(["up", "--yes", "--skip-preview"]);
    await up.seen(/eks:NodeGroup \S+ creating/);
    await until(() => Promise.resolve(groups().length === 2), { ms: 60_000, describe: groups });
    process.kill(up.pid, "SIGKILL");
    await up.done;
    await untilAlone(eks.stack.dir, ORPHAN_MS);
    await eks.stack.run(["cancel", "--yes"]);
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [CHANGEOVER, "recover", "--stack", "test", "--output", "json"],
      { cwd: eks.stack.dir, env: { ...eks.stack.env, NODE_OPTIONS: "" } },
    );
    expect(JSON.parse(stdout)).toMatchObject({
      changed: true,
      looked: [{ id: expect.stringMatching(/^eks-trouble:workers-1-36-/) as string }],
    });
    const preview = await eks.stack.preview();
    expect(preview.text).not.toMatch(/pending|\+ .*eks:NodeGroup|replace/);
  });

  it("is throttled and disturbed by an autoscaler while it moves, and loses nothing", async () => {
    eks.stack.set({ cluster: plane("1.36", [role("ops")]) });
    const fault = new Fault("ThrottlingException", "Rate exceeded", 429);
    for (const action of ["DescribeNodegroup", "SuspendProcesses", "DescribeAutoScalingGroups"])
      eks.aws.failures.plan({ action, on: /./, fault, times: 3 });
    const audit = await eks.stack.audit();
    const up = eks.stack.start(["up", "--yes", "--skip-preview"]);
    await up.seen(/\[Migration\] moved [1-9]/);
    const [blue] = groups().filter(({ version }) => version === "1.35");
    if (blue === undefined) throw new Error("no blue");
    const grow = new SetDesiredCapacityCommand({
      AutoScalingGroupName: scalingName(blue),
      DesiredCapacity: 3,
    });
    await expect(sdk.scaling.send(grow)).rejects.toThrow(/out of bounds/);
    expect(groups().map(({ suspended }) => suspended.includes("AZRebalance"))).toEqual([true, true]);
    const { text, code } = await up.done;
    expect(text).not.toMatch(/error:/);
    expect(code).toBe(0);
    expectClean(await audit.stop());
    expect(groups().map(({ version, suspended }) => ({ version, suspended }))).toEqual([
      { version: "1.36", suspended: [] },
    ]);
    expect(entries()).toEqual([role("deployer"), role("ops")]);
    expect(labStatus(LAB).version).toBe("1.36.4");
    expect((await listNodes(kube)).map(({ kubeletVersion }) => kubeletVersion)).toEqual([
      "v1.36.4-eks-standin",
      "v1.36.4-eks-standin",
    ]);
    expect((await podsOf(kube, "web")).filter(({ ready }) => ready)).toHaveLength(4);
  });
});

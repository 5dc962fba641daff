import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EKSClient } from "@aws-sdk/client-eks";
import { connectionOf, parseStack } from "../../../core/config";
import { type StandInAws, startStandInAws } from "../../../lab/clouds/aws";
import { standInEnvironment } from "../../../lab/clouds/aws/environment";
import { accessEntryKind, accessPolicyKind } from "../../../lab/clouds/aws/plugin/accessEntry";
import { clusterKind } from "../../../lab/clouds/aws/plugin/cluster";
import type { StandInInsight } from "../../../lab/clouds/aws/world/world";
import type { ResourceKind } from "../../../lab/clouds/plugin/kind";
import { Fault } from "../../../lab/clouds/fault";
import type { CloudReadiness, WantedAtCloud } from "../../../operations/ports";
import { eksCluster, eksWorkers } from "../../support/eksStack";
import { applyKarpenter } from "../../support/karpenter";
import { openLiveProcess } from "../../support/liveProcess";
import { useTemporaryLabs, withKube } from "../../support/temporaryLabs";

const NAME = "eks-ready";
const GENERATION = "workers-1-36-abcdef";
const [SUBNET_A, SUBNET_B] = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];

useTemporaryLabs();
jest.setTimeout(300_000);

const parsed = parseStack({
  cluster: eksCluster(NAME, "1.36"),
  backup: { kind: "none" },
  pools: { workers: eksWorkers("1.36.4-20261105") },
});
if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
const { cluster, pools } = parsed.value;
const [spec] = pools;
if (spec === undefined) throw new Error("no pool");

const moving: WantedAtCloud = {
  connection: connectionOf(cluster),
  ...{ cluster, pools, live: "1.35.8" },
  addOns: {},
  toCome: [{ pool: "workers", generation: GENERATION, count: 2, spec }],
};

const role = (name: string): string => `arn:aws:iam::000000000000:role/team/${name}`;
const on = (name: string): Readonly<Record<string, string>> => ({
  clusterName: NAME,
  principalArn: role(name),
});
const settled: WantedAtCloud = { ...moving, live: "1.36", toCome: [] };
const naming = (...admins: string[]): WantedAtCloud => ({
  ...settled,
  cluster: { ...cluster, eks: { ...(cluster.eks as NonNullable<typeof cluster.eks>), admins } },
});

const codes = ({ blockers, warnings }: CloudReadiness): object => ({
  blockers: blockers.map(({ code }) => code).sort(),
  warnings: warnings.map(({ code }) => code).sort(),
});
const none = { blockers: [], warnings: [] };
const found = (blockers: readonly string[], warnings: readonly string[]) => ({ blockers, warnings });

const removed = (minor: string): StandInInsight => ({
  id: "removed",
  name: "Deprecated APIs",
  category: "UPGRADE_READINESS",
  kubernetesVersion: minor,
  lastRefreshTime: Math.floor(Date.now() / 1000),
  recommendation: "Move to v1",
  insightStatus: { status: "ERROR", reason: "Deprecated API usage detected." },
  categorySpecificSummary: {
    deprecationDetails: [{ usage: "/apis/x/v1beta1/y", replacedWith: "/apis/x/v1/y" }],
  },
});

describe("what EKS says of a wanted state, on a stand-in for AWS", () => {
  let folder: string;
  let aws: StandInAws;
  let child: ReturnType<typeof openLiveProcess>;
  let kinds: { readonly entry: ResourceKind; readonly policy: ResourceKind };
  const settingsOf = (): object => aws.state.clusters[NAME]?.settings ?? {};

  const ask = (wanted: WantedAtCloud = moving): Promise<CloudReadiness> => {
    if (child.live.readiness === undefined) throw new Error("EKS has no readiness");
    return child.live.readiness(wanted, AbortSignal.timeout(60_000));
  };

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "changeover-aws-"));
    aws = await startStandInAws({ folder, region: "eu-west-1" });
    child = openLiveProcess("eks", standInEnvironment(aws, folder, process.env["PATH"] ?? ""));
    const credentials = { accessKeyId: "STANDIN", secretAccessKey: "stand-in" };
    const sdk = new EKSClient({ endpoint: aws.endpoint, region: "eu-west-1", credentials });
    kinds = { entry: accessEntryKind(sdk), policy: accessPolicyKind(sdk) };
    await clusterKind(sdk).create({
      ...{ name: NAME, version: "1.35", roleArn: cluster.eks?.roleArn },
      vpcConfig: { subnetIds: [SUBNET_A, SUBNET_B] },
      accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" },
    });
  });

  afterEach(() => {
    aws.failures.clear();
    const { insights, free, noSubnets, offeredIn, standardEnds, denied, conditional, quotas } = aws.world;
    for (const one of [insights, free, noSubnets, offeredIn, standardEnds, denied, conditional]) one.clear();
    aws.world.vcpusRunning = 0;
    aws.world.caller = "arn:aws:sts::000000000000:assumed-role/deployer/changeover";
    quotas.set("ec2/L-1216C47A", 256).set("eks/L-6D54EA21", 30).set("eks/L-BD136A63", 450);
    const settings = aws.state.clusters[NAME]?.settings;
    if (settings !== undefined) delete settings["computeConfig"];
  });

  afterAll(async () => {
    child.close();
    await aws.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("is nothing where everything is in order, also for a cluster to be made and a way back", async () => {
    expect(codes(await ask())).toEqual(none);
    const { live: _none, ...fresh } = moving;
    expect(codes(await ask(fresh))).toEqual(none);
    const back = { ...moving, cluster: { ...cluster, version: "1.34" }, toCome: [] };
    expect(codes(await ask(back))).toEqual({ blockers: ["Eks.VersionNotOffered"], warnings: [] });
  });

  it("a key that config and cluster do not have in common is told in every preview: EKS never changes one", async () => {
    const key = (end: string) => `arn:aws:kms:eu-west-1:111122223333:key/00000000-1111-2222-3333-${end}`;
    const eks = cluster.eks;
    if (eks === undefined) throw new Error("no eks block");
    const idle = { ...moving, live: "1.36", toCome: [] };
    const saying = (encryptionKey: string) => ({
      ...idle,
      cluster: { ...cluster, eks: { ...eks, encryptionKey } },
    });
    const { warnings } = await ask(saying(key("444444444444")));
    expect(warnings).toMatchObject([{ code: "Eks.OtherKey", path: "cluster.eks.encryptionKey" }]);
    expect(warnings[0]?.fix).toContain("associate-encryption-config");
    const provider = { keyArn: key("555555555555") };
    const settings = aws.state.clusters[NAME]?.settings ?? {};
    Object.assign(settings, { encryptionConfig: [{ provider, resources: ["secrets"] }] });
    expect((await ask(saying(key("555555555555")))).warnings).toEqual([]);
    for (const wanted of [idle, saying(key("444444444444"))])
      expect((await ask(wanted)).warnings[0]?.fix).toContain(`write ${provider.keyArn}`);
    delete settings["encryptionConfig"];
  });

  it("an administrator who has an entry already, or gets one as the cluster's maker, is refused", async () => {
    expect(codes(await ask(naming(role("ops"))))).toEqual(none);
    const both = naming(role("ops"), role("deployer"));
    expect(codes(await ask(both))).toEqual(found(["Eks.AdminHasEntry"], []));
    const { live: _none, ...fresh } = both;
    expect(codes(await ask(fresh))).toEqual(found(["Eks.AdminMakesCluster"], []));
  });

  it("neither the last administrator is taken out, nor the one who runs it", async () => {
    const ops = await kinds.entry.create({ ...on("ops"), tags: { "changeover.dev/cluster": NAME } });
    expect(codes(await ask(settled))).toEqual(none);
    await kinds.entry.remove(`${NAME}:${role("deployer")}`, {});
    expect(codes(await ask(settled))).toEqual(found(["Eks.LastAdmin"], []));
    aws.world.caller = "arn:aws:sts::000000000000:assumed-role/ops/session";
    expect(codes(await ask(naming(role("other"))))).toEqual(found(["Eks.AdminRemovesItself"], []));
    await kinds.entry.remove(ops.id, {});
    await kinds.entry.create(on("deployer"));
    const policyArn = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy";
    await kinds.policy.create({ ...on("deployer"), policyArn, accessScope: { type: "cluster" } });
  });

  it("who is not let in is told which identity to add, by its role", async () => {
    aws.world.caller = "arn:aws:sts::000000000000:assumed-role/stranger/session";
    const problem = await child.live.explainNoAccess?.(connectionOf(cluster), AbortSignal.timeout(60_000));
    expect(problem?.code).toBe("Eks.NoAccess");
    expect(problem?.fix).toContain(`add ${role("stranger")} to cluster.eks.admins`);
  });

  it("a cluster without access entries takes no administrators, and entries that may not be read are unknown", async () => {
    aws.world.denied.add("eks:ListAccessEntries");
    expect((await ask(naming(role("ops")))).warnings[0]?.message).toContain("known of access entries");
    Object.assign(settingsOf(), { accessConfig: { authenticationMode: "CONFIG_MAP" } });
    expect(codes(await ask(naming(role("ops"))))).toEqual(found(["Eks.NoAccessEntries"], []));
    Object.assign(settingsOf(), { accessConfig: { authenticationMode: "API_AND_CONFIG_MAP" } });
  });

  it("a region that does not exist gives no answer, and the list of regions says that there is none", async () => {
    const at = (region: string) => ({ ...connectionOf(cluster), region });
    const place = (region: string) => child.live.checkPlace?.(at(region), AbortSignal.timeout(60_000));
    await expect(child.live.access(at("eu-west-9"))).rejects.toThrow(/eks:DescribeCluster for cluster/);
    expect(await place("eu-west-9")).toMatchObject([
      {
        code: "Eks.RegionUnknown",
        fix: expect.stringContaining("nearest are eu-west-1, eu-west-2, eu-west-3") as string,
      },
    ]);
    await expect(child.live.access(at("eu-south-1"))).rejects.toThrow(/security token.*is invalid/);
    expect(await place("eu-south-1")).toMatchObject([{ code: "Eks.RegionNotEnabled" }]);
    expect(await place("eu-west-2")).toEqual([]);
    aws.world.denied.add("ec2:DescribeRegions");
    await expect(place("eu-west-9")).rejects.toThrow(/ec2:DescribeRegions/);
  });

  it("is all of it at once", async () => {
    const { world } = aws;
    world.insights.set(NAME, [
      { ...removed("1.37"), id: "later" },
      { ...removed("1.37"), id: "too" },
      removed("1.36"),
    ]);
    world.free.set(SUBNET_A, 1).set(SUBNET_B, 0);
    world.offeredIn.set("m7i.large", ["b", "c"]);
    world.quotas.set("ec2/L-1216C47A", 5).set("eks/L-6D54EA21", 0).set("eks/L-BD136A63", 3);
    world.vcpusRunning = 2;
    world.denied.add("eks:CreateNodegroup").add("autoscaling:SuspendProcesses");
    world.standardEnds.set("1.36", new Date().toISOString().slice(0, 10));
    Object.assign(aws.state.clusters[NAME]?.settings ?? {}, { computeConfig: { enabled: true } });
    const said = await ask();
    expect(codes(said)).toEqual({
      blockers: [
        "Eks.AutoMode",
        "Eks.GroupQuota",
        "Eks.InsightError",
        "Eks.MachineNotInZone",
        "Eks.MayNot",
        "Eks.NoAddressesForUpgrade",
        "Eks.NodeQuota",
        "Eks.SubnetsFull",
        "Eks.VcpuQuota",
      ],
      warnings: ["Eks.ExtendedSupport"],
    });
    const text = (code: string): string => said.blockers.find(one => one.code === code)?.message ?? "";
    expect(text("Eks.InsightError")).toContain("/apis/x/v1beta1/y, replaced by /apis/x/v1/y");
    expect(text("Eks.MayNot")).toMatch(
      /assumed-role\/deployer.*SuspendProcesses on .*CreateNodegroup|CreateNodegroup on .*SuspendProcesses/,
    );
    expect(text("Eks.VcpuQuota")).toContain("need 4 vCPUs beside the 2 that run");
  });

  it.each<readonly [string, () => unknown, object]>([
    ["an unknown subnet", () => aws.world.noSubnets.add(SUBNET_B), found(["Eks.SubnetUnknown"], [])],
    ["an unknown machine", () => aws.world.offeredIn.set("m7i.large", []), found(["Eks.MachineUnknown"], [])],
    [
      "few addresses for the CNI's own settings",
      () => aws.world.free.set(SUBNET_A, 9).set(SUBNET_B, 9),
      found([], ["Eks.SubnetsTight"]),
    ],
    [
      "no count of what runs",
      () => (aws.world.vcpusRunning = undefined),
      found([], ["Eks.VcpuUsageUnknown"]),
    ],
    ["no quota of its own for node groups", () => aws.world.quotas.set("eks/L-6D54EA21", undefined), none],
    [
      "a condition that only the call meets",
      () => aws.world.conditional.set("iam:PassRole", "aws:SourceVpc"),
      found([], ["Eks.MayNotBeSure"]),
    ],
  ])("%s", async (_what, set, expected) => {
    set();
    expect(codes(await ask())).toEqual(expected);
  });

  it("names what may not be asked, and goes on with the rest", async () => {
    for (const action of ["iam:SimulatePrincipalPolicy", "eks:ListInsights", "ec2:DescribeSubnets"])
      aws.world.denied.add(action);
    aws.world.quotas.set("ec2/L-1216C47A", 1);
    const said = await ask();
    expect(said.blockers.map(({ code }) => code)).toEqual(["Eks.VcpuQuota"]);
    expect(said.warnings.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      expect.stringMatching(/NotAsked: .* known of EKS insights: AWS refused eks:ListInsights/),
      expect.stringMatching(
        /known of subnets, free addresses, machine types in their zones: AWS refused ec2:DescribeSubnets/,
      ),
      expect.stringMatching(/known of permissions: AWS refused iam:SimulatePrincipalPolicy/),
    ]);
  });

  it("names a service that does not answer, and goes on with the rest", async () => {
    aws.failures.plan({
      action: "DescribeSubnets",
      on: /./,
      fault: new Fault("Unavailable", "try later", 503),
    });
    const said = await ask();
    expect(said.blockers).toEqual([]);
    expect(said.warnings.map(({ code }) => code)).toEqual(["Preflight.NotAsked"]);
    expect(said.warnings[0]?.message).toContain("Unavailable: try later");
  });

  it("asks neither insights nor Karpenter where the control plane stays", async () => {
    aws.world.insights.set(NAME, [removed("1.36")]);
    await withKube(NAME, kube => applyKarpenter(kube));
    const pools = { ...moving, cluster: { ...cluster, version: "1.35" } };
    expect(codes(await ask(pools))).toEqual(none);
  });

  it("names Karpenter's nodes that the upgrade will replace", async () => {
    await withKube(NAME, kube => applyKarpenter(kube));
    const said = await ask();
    expect(codes(said)).toEqual({ blockers: [], warnings: ["Eks.KarpenterMoves"] });
    expect(said.warnings[0]?.message).toContain(
      "EC2NodeClass default selects its AMI by alias al2023@latest",
    );
  });

  it("knows when credentials from variables end", async () => {
    expect((await ask()).identityEnds).toBeUndefined();
    const ends = "2030-01-01T00:00:00.000Z";
    const env = { ...standInEnvironment(aws, folder, process.env["PATH"] ?? ""), AWS_SESSION_TOKEN: "token" };
    const other = openLiveProcess("eks", { ...env, AWS_CREDENTIAL_EXPIRATION: ends });
    const said = await other.live.readiness?.(moving, AbortSignal.timeout(60_000));
    other.close();
    expect(said?.identityEnds).toBe(ends);
  });
});

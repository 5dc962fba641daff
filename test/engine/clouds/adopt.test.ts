import {
  CreateAddonCommand,
  CreateClusterCommand,
  CreateNodegroupCommand,
  EKSClient,
} from "@aws-sdk/client-eks";
import { type KubeClient, listNodes } from "../../../kube";
import { labKubeconfig } from "../../../lab";
import { expectClean, startAuditor } from "../../support/auditor";
import { openApps } from "../../support/cluster";
import { type EksStack, openEksStack } from "../../support/eksStack";
import { awsLogin, READER, readByKubeconfig } from "../../support/kubeconfigUser";
import { eventually } from "../../support/temporaryLabs";
import { podsOf } from "../../support/workloads";

const LAB = "eks-adopt";
const GROUP = "legacy-ng";
const ROLE = "arn:aws:iam::111122223333:role/nodes";
const SUBNETS = ["subnet-0a1b2c3d4e5f60001", "subnet-0a1b2c3d4e5f60002"];
const TEMPLATE = { id: "lt-0a1b2c3d4e5f60718", version: "4" };
const PROXY = "kube-proxy";
const AGENT = "eks-pod-identity-agent";
const WHERE = ["--stack", "test", "--cloud", "eks", "--cluster", LAB, "--region", "eu-west-1"];

jest.setTimeout(900_000);

describe("a cluster and node group that were there before, on a stand-in for AWS", () => {
  let eks: EksStack;
  let api: EKSClient;
  let kube: KubeClient;

  /** As somebody else made them: with AWS's own API, without any label of changeover's. */
  const makeByHand = async (): Promise<void> => {
    const roleArn = "arn:aws:iam::111122223333:role/control-plane";
    const network = { subnetIds: SUBNETS, securityGroupIds: ["sg-0a1b2c3d4e5f60001"] };
    await api.send(
      new CreateClusterCommand({ name: LAB, version: "1.35", roleArn, resourcesVpcConfig: network }),
    );
    await eventually("the cluster", () =>
      Promise.resolve(eks.aws.state.clusters[LAB]?.status === "ACTIVE" ? true : undefined),
    );
    await api.send(
      new CreateNodegroupCommand({
        ...{ clusterName: LAB, nodegroupName: GROUP, nodeRole: ROLE, subnets: SUBNETS },
        ...{ version: "1.35", releaseVersion: "1.35.8-20261105", amiType: "AL2023_x86_64_STANDARD" },
        ...{ instanceTypes: ["m7i.large"], capacityType: "SPOT", launchTemplate: TEMPLATE },
        scalingConfig: { minSize: 2, maxSize: 4, desiredSize: 3 },
        updateConfig: { maxUnavailablePercentage: 33 },
        labels: { team: "shop" },
        tags: { owner: "somebody" },
      }),
    );
    await eventually("the node group", () =>
      Promise.resolve(eks.aws.state.groups[`${LAB}/${GROUP}`]?.status === "ACTIVE" ? true : undefined),
    );
    await installByHand(PROXY, "v1.35.8-eksbuild.2", { owner: "somebody" });
    await installByHand(AGENT, "v1.3.10-eksbuild.2", { "aws:cloudformation:stack-name": "shop" });
  };

  const addOn = (name: string) => eks.aws.state.addOns[`${LAB}/${name}`];

  const installByHand = async (
    name: string,
    version: string,
    tags: Record<string, string>,
  ): Promise<void> => {
    const names = { clusterName: LAB, addonName: name, addonVersion: version };
    await api.send(new CreateAddonCommand({ ...names, tags, resolveConflicts: "OVERWRITE" }));
    await eventually(name, () => Promise.resolve(addOn(name)?.status === "ACTIVE" ? true : undefined));
  };

  beforeAll(async () => {
    eks = await openEksStack(LAB, { soak: { duration: "1s" }, health: { timeout: "2m" } });
    const credentials = { accessKeyId: "STANDIN", secretAccessKey: "stand-in" };
    api = new EKSClient({ region: eks.aws.region, endpoint: eks.aws.endpoint, credentials });
    await makeByHand();
    kube = await openApps(LAB);
  });

  afterAll(async () => {
    await kube.close();
    api.destroy();
    await eks.close();
  });

  const names = async (): Promise<readonly string[]> => (await listNodes(kube)).map(node => node.name).sort();

  const generations = async (): Promise<readonly (string | undefined)[]> => [
    ...new Set((await listNodes(kube)).map(node => node.labels["changeover.dev/generation"])),
  ];

  it("shows what it would write and proves it, and changes nothing", async () => {
    const dry = await eks.stack.changeover("adopt", `workers=${GROUP}`, ...WHERE, "--add-ons");
    expect(dry.text).toContain(`add-on ${AGENT}: CloudFormation stack shop keeps it; it stays so`);
    expect(dry.text).toContain("proven by a preview; nothing was written");
    expect(dry.code).toBe(0);
    expect(await generations()).toEqual([undefined]);
    expect(eks.aws.state.groups[`${LAB}/${GROUP}`]?.labels).toEqual({ team: "shop" });
  });

  it("refuses what has no name or is not there, all at once", async () => {
    const bad = await eks.stack.changeover("adopt", "workers=nobody", `Bad_Name=${GROUP}`, ...WHERE);
    expect(bad.code).toBe(1);
    expect(bad.text).toContain("Adopt.NoSuchPool");
    expect(bad.text).toContain("Config.Name");
  });

  it("writes the config, labels the template and the nodes, and says so when run again", async () => {
    const adopt = await eks.stack.changeover("adopt", `workers=${GROUP}`, ...WHERE, "--add-ons", "--write");
    expect(adopt.text).toContain("written and labelled");
    expect(adopt.code).toBe(0);
    const [generation] = await generations();
    expect(generation).toMatch(/^workers-1-35-[0-9a-f]{6}$/);
    expect(eks.aws.state.groups[`${LAB}/${GROUP}`]?.labels).toEqual({
      team: "shop",
      "changeover.dev/pool": "workers",
      "changeover.dev/generation": generation,
    });
    const version = "v1.35.8-eksbuild.2";
    expect(eks.stack.said("addOns")).toEqual({
      [PROXY]: { owner: "program", version, adopt: { version } },
    });
    const again = await eks.stack.changeover("adopt", "--stack", "test", "--add-ons", "--write");
    expect(again.text).toBe("nothing to do: config and labels say so already\n");
  });

  it("refuses to move on before the `up` that takes the pool over", async () => {
    const pools = eks.stack.said("pools");
    const workers = { ...(pools["workers"] as object), image: "1.35.8-20261118" };
    eks.stack.set({ pools: { ...pools, workers } });
    const early = await eks.stack.preview();
    expect(early.text).toContain("Pool.AdoptedComesFirst");
    expect(early.code).not.toBe(0);
    eks.stack.set({ pools });
  });

  it("the preview imports all three and makes, changes or replaces nothing of AWS's", async () => {
    const { text, code } = await eks.stack.preview("--policy-pack", "policy");
    expect(text).toMatch(/= .*aws:eks:Cluster\s+eks-adopt\s+import/);
    expect(text).toMatch(/= .*aws:eks:NodeGroup\s+workers-1-35-[0-9a-f]{6}\s+import/);
    expect(text).toMatch(/= .*aws:eks:Addon\s+kube-proxy\s+import/);
    expect(text).not.toMatch(/^ *[~+-]+ .*aws:eks/m);
    expect(code).toBe(0);
  });

  it("the first `up` takes them over: the same nodes, the same name, and nothing to do afterwards", async () => {
    const before = await names();
    await readByKubeconfig(eks.stack, awsLogin(LAB));
    const up = await eks.stack.up();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(up.text).toMatch(READER);
    expect(await names()).toEqual(before);
    expect((await eks.stack.preview("--expect-no-changes")).code).toBe(0);
    expect((await eks.stack.run(["refresh", "--yes"])).code).toBe(0);
    expect((await eks.stack.preview("--expect-no-changes")).code).toBe(0);
    expect(eks.aws.state.groups[`${LAB}/${GROUP}`]).toMatchObject({
      tags: { owner: "somebody" },
      updateConfig: { maxUnavailablePercentage: 33 },
      scaling: { minSize: 2, maxSize: 4, desiredSize: 3 },
    });
    expect(addOn(PROXY)).toMatchObject({ tags: { owner: "somebody" }, updates: [] });
  });

  it("pins the release of the next version; one that is not offered is refused", async () => {
    const cluster = { ...eks.stack.said("cluster"), version: "1.36" };
    eks.stack.set({ cluster });
    const pin = await eks.stack.changeover("pin", "--stack", "test", "--write");
    expect(pin.code).toBe(0);
    expect(pin.text).toContain('changeover:pools.workers.image = "1.36.4-20261118"');
    expect(pin.text).toContain('changeover:addOns.kube-proxy.version = "v1.36.4-eksbuild.2"');
    eks.stack.set({ cluster: { ...cluster, version: "1.37" } });
    const none = await eks.stack.changeover("pin", "--stack", "test");
    expect(none.text).toContain("Pin.NotOffered");
    expect(none.text).toContain("the nearest is 1.36");
    eks.stack.set({ cluster });
  });

  it("a platform's kubeconfig opened the cluster, and no token of it is in the state", async () => {
    expect((await eks.stack.run(["stack", "output", "seen"])).text.trim()).toBe("namespace/kube-system");
    const state = await eks.stack.run(["stack", "export", "--show-secrets"]);
    expect(state.text).toContain("get-token");
    expect(state.text).not.toContain("k8s-aws-v1.");
  });

  it("an upgrade moves the workloads off the adopted nodes within their budget, and the adopted group goes; the platform stays known and as it is", async () => {
    const audit = await startAuditor(labKubeconfig(LAB) ?? "", eks.stack.dir);
    const up = await eks.stack.up("--policy-pack", "policy");
    const summary = await audit.stop();
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectClean(summary);
    expect(up.text).not.toMatch(READER);
    const groups = Object.values(eks.aws.state.groups);
    expect(groups.map(({ name, version }) => [name, version])).toEqual([
      [expect.stringMatching(/^workers-1-36-[0-9a-f]{6}$/), "1.36"],
    ]);
    expect(addOn(PROXY)).toMatchObject({ version: "v1.36.4-eksbuild.2", tags: { owner: "somebody" } });
    expect(addOn(AGENT)).toMatchObject({ version: "v1.3.10-eksbuild.2", updates: [] });
    expect(groups[0]).toMatchObject({ capacityType: "SPOT", launchTemplate: TEMPLATE });
    expect((await podsOf(kube, "web")).filter(pod => pod.ready)).toHaveLength(4);
  });

  it("run once more it takes the entry of what is gone out of config: only the gate that reads config sees it", async () => {
    const tidy = await eks.stack.changeover("adopt", "--stack", "test", "--write");
    expect(tidy.text).toContain("changeover:pools.workers.adopt = (removed)");
    expect(tidy.code).toBe(0);
    const after = await eks.stack.preview();
    expect(after.text).toMatch(/~ .*changeover:UpgradeGate\s+cluster\s+update/);
    expect(after.text).toMatch(/Resources:\s+~ 1 to update\s+\d+ unchanged/);
    expect(after.code).toBe(0);
  });
});

import { type KubeClient, readConfigMap, updateConfigMap } from "../../../kube";
import { labStatus } from "../../../lab";
import { furnish } from "../../support/cluster";
import { eksCluster, type EksStack, eksWorkers, openEksStack } from "../../support/eksStack";
import { expectRefused } from "../../support/outcome";

const LAB = "eks-back";
const DAY_MS = 86_400_000;
const LEDGER = { namespace: "changeover-system", name: "changeover-ledger" };

jest.setTimeout(900_000);

/** Somebody still asks for an API that the next minor does not serve. */
const REMOVED_API = {
  id: "removed",
  name: "Deprecated APIs removed in Kubernetes v1.36",
  category: "UPGRADE_READINESS",
  kubernetesVersion: "1.36",
  lastRefreshTime: Math.floor(Date.now() / 1000),
  insightStatus: { status: "ERROR", reason: "Deprecated API usage detected." },
} as const;

const KEY = "arn:aws:kms:eu-west-1:111122223333:key/00000000-1111-2222-3333-444444444444";

interface Reached {
  readonly reached: { readonly version: string; readonly from?: string; readonly at?: string };
}

describe("the way back of an EKS control plane, on a stand-in for AWS", () => {
  let eks: EksStack;
  let kube: KubeClient;

  const workers = { ...eksWorkers("1.35.8-20261105"), version: "1.35" };
  const cluster = (version: string): Record<string, unknown> => {
    const { eks: own, ...rest } = eksCluster(LAB, version) as { readonly eks: object };
    return { ...rest, eks: { ...own, encryptionKey: KEY } };
  };
  const at = (version: string): void => eks.stack.set({ cluster: cluster(version) });

  beforeAll(async () => {
    eks = await openEksStack(LAB, {
      cluster: cluster("1.35"),
      pools: { workers },
      backup: { kind: "none" },
      soak: { duration: "1s" },
      health: { timeout: "2m" },
    });
    ({ kube } = await furnish(eks.stack, []));
  });

  afterAll(async () => {
    await kube.close();
    await eks.close();
  });

  /** As if the upgrade had ended that many days ago; @returns what the ledger said before. */
  const ageLedger = async (days: number): Promise<Reached> => {
    const text = (await readConfigMap(kube, LEDGER))?.data["ledger.json"] ?? "{}";
    const ledger = JSON.parse(text) as Reached;
    const reached = { ...ledger.reached, at: new Date(Date.now() - days * DAY_MS).toISOString() };
    const aged = JSON.stringify({ ...ledger, reached });
    await updateConfigMap(kube, LEDGER, data => ({ ...data, "ledger.json": aged }));
    return ledger;
  };

  it("was made with the key that config names", () => {
    expect(eks.aws.state.clusters[LAB]?.settings["encryptionConfig"]).toEqual([
      { provider: { keyArn: KEY }, resources: ["secrets"] },
    ]);
  });

  it("goes nowhere without the provider's plugin: the engine names it before anything is asked", async () => {
    const before = JSON.stringify(eks.aws.state);
    at("1.36");
    for (const args of [["preview"], ["up", "--yes", "--skip-preview"]]) {
      const run = await eks.stack.run(args, { PATH: eks.stack.path });
      expectRefused(run, /pulumi-resource-aws/);
    }
    expect(JSON.stringify(eks.aws.state)).toBe(before);
  });

  it("goes nowhere before AWS's insight, full subnets and a missing permission, named together", async () => {
    const { world, state } = eks.aws;
    const before = JSON.stringify(state);
    world.insights.set(LAB, [REMOVED_API]);
    for (const subnet of state.clusters[LAB]?.subnets ?? []) world.free.set(subnet, 0);
    world.denied.add("eks:UpdateClusterVersion");
    at("1.36");
    for (const refused of [await eks.stack.preview(), await eks.stack.up("--skip-preview")]) {
      expect(refused.code).not.toBe(0);
      for (const code of ["Eks.InsightError", "Eks.NoAddressesForUpgrade", "Eks.MayNot"])
        expect(refused.text).toContain(code);
    }
    expect(JSON.stringify(state)).toBe(before);
    for (const set of [world.insights, world.free, world.denied]) set.clear();
  });

  it("goes up while its pool trails by a minor and keeps its nodes", async () => {
    const up = await eks.stack.up("--policy-pack", "policy");
    expect(up.text).not.toMatch(/error:|Eks\.[A-Z]/);
    expect(up.text).not.toMatch(/eks:NodeGroup .*(creat|delet|updat)/);
    expect(labStatus(LAB).version).toBe("1.36.4");
  });

  it("is refused in the preview once seven days are over, with the day they ended", async () => {
    const ledger = await ageLedger(8);
    expect(ledger.reached).toMatchObject({ version: "1.36", from: "1.35" });
    at("1.35");
    const preview = await eks.stack.preview("--policy-pack", "policy");
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("ControlPlane.WayBackClosed");
    await ageLedger(1);
  });

  it("is taken within them, as an update in place that policy lets pass", async () => {
    const preview = await eks.stack.preview("--policy-pack", "policy");
    expect(preview.text).toMatch(/~ .*aws:eks:Cluster\s+eks-back\s+update/);
    expect(preview.text).not.toMatch(/replace/);
    const up = await eks.stack.up("--policy-pack", "policy");
    expect(up.text).toContain("ControlPlane.TakenBackAlone");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expect(labStatus(LAB).version).toBe("1.35.8");
    const { updates } = eks.aws.state.clusters[LAB] ?? { updates: [] };
    expect(updates.map(({ type, status }) => [type, status])).toEqual([
      ["VersionUpdate", "Successful"],
      ["VersionRollback", "Successful"],
    ]);
  });

  it("changes nothing on the next run", async () => {
    expect((await eks.stack.preview("--policy-pack", "policy", "--expect-no-changes")).code).toBe(0);
  });
});

import { type KubeClient, listNodes } from "../../../kube";
import { expectClean } from "../../support/auditor";
import { furnish, WEB } from "../../support/cluster";
import { eksCluster, type EksStack, eksWorkers, openEksStack } from "../../support/eksStack";
import { expectServing, readMarks } from "../../support/nodes";
import { expectDone, expectRefused } from "../../support/outcome";
import { readPlan } from "../../support/plan";
import type { Config } from "../../support/stack";
import { podsOf } from "../../support/workloads";

const LAB = "eks-zones";
const IMAGES = { "1.35": "1.35.8-20261105", "1.36": "1.36.4-20261105" };
const SUBNETS = { "workers-a": "subnet-0a1b2c3d4e5f60001", "workers-b": "subnet-0a1b2c3d4e5f60002" };
const NAMES = ["workers-a", "workers-b"] as const;

type Minor = keyof typeof IMAGES;

const workers = (minor: Minor): Record<string, unknown> => ({
  ...eksWorkers(IMAGES[minor]),
  size: { min: 2, max: 3 },
});
const at = (minor: Minor): Config => ({
  cluster: eksCluster(LAB, minor),
  pools: { workers: { ...workers(minor), perZone: true } },
});

jest.setTimeout(600_000);

describe("an EKS pool with perZone, on a stand-in for AWS", () => {
  let eks: EksStack;
  let kube: KubeClient;

  beforeAll(async () => {
    const rest = { backup: { kind: "none" }, soak: { duration: "1s" }, health: { timeout: "2m" } };
    eks = await openEksStack(LAB, { ...at("1.35"), ...rest });
    ({ kube } = await furnish(eks.stack));
  });

  afterAll(async () => {
    await kube.close();
    await eks.close();
  });

  const groups = (): Readonly<Record<string, readonly string[]>> =>
    Object.fromEntries(
      Object.values(eks.aws.state.groups).map(({ labels, subnets }) => [
        labels["changeover.dev/pool"] ?? "",
        subnets,
      ]),
    );

  it("upgrades a node group in each zone, each beside its old one, and moves all within their budgets", async () => {
    expect(groups()).toEqual({ "workers-a": [SUBNETS["workers-a"]], "workers-b": [SUBNETS["workers-b"]] });
    eks.stack.set(at("1.36"));
    const preview = await eks.stack.run(["preview", "--policy-pack", "policy", "--json"]);
    const plan = readPlan(preview.text).filter(step => step.includes("aws:eks:NodeGroup"));
    expect(plan).toEqual([
      ...NAMES.map(name => expect.stringMatching(`^create aws:eks:NodeGroup ${name}-1-36-`) as string),
      ...NAMES.map(name => expect.stringMatching(`^delete aws:eks:NodeGroup ${name}-1-35-`) as string),
    ]);
    const audit = await eks.stack.audit();
    expectDone(await eks.stack.up("--skip-preview"));
    expectClean(await audit.stop());
    for (const name of NAMES)
      expectServing(await readMarks(kube, name), { kubelet: "v1.36.4-eks-standin", count: 2 });
    expect(await listNodes(kube)).toHaveLength(4);
    expect((await podsOf(kube, WEB.name)).filter(({ ready }) => ready)).toHaveLength(WEB.replicas);
    expect(Object.values(eks.aws.state.groups)).toHaveLength(2);
    expect(groups()).toEqual({ "workers-a": [SUBNETS["workers-a"]], "workers-b": [SUBNETS["workers-b"]] });
  });

  it("without perZone it is another pool: refused, as nobody has emptied those of the zones", async () => {
    eks.stack.set({ pools: { workers: workers("1.36") } });
    const preview = await eks.stack.preview();
    expectRefused(preview, /Pool\.Vanished[^]*pools\.workers-a/);
    expect(preview.text).toContain("put pools.workers-b back with remove: true");
  });

  it("and the same pools written out by hand change no machine", async () => {
    eks.stack.set({
      pools: {
        "workers-a": { ...workers("1.36"), zones: ["a"] },
        "workers-b": { ...workers("1.36"), zones: ["b"] },
      },
    });
    const preview = await eks.stack.run(["preview", "--json"]);
    expect(readPlan(preview.text)).toEqual([expect.stringMatching(/^update changeover:\S*UpgradeGate /)]);
    expect(preview.code).toBe(0);
  });
});

import { existsSync } from "node:fs";
import { join } from "node:path";
import { type KubeClient, listAll, listNodes } from "../../../kube";
import { labStatus } from "../../../lab";
import { expectClean } from "../../support/auditor";
import { furnish } from "../../support/cluster";
import { eksCluster, type EksStack, eksWorkers, openEksStack } from "../../support/eksStack";
import { expectDone } from "../../support/outcome";
import { applyDeployment, podsOf, untilReady } from "../../support/workloads";

const LAB = "eks-karpenter";
const OLD_IMAGE = "1.35.8-20261105";
const NEW_IMAGE = "1.36.4-20261105";
const NEW_AMI = "amazon-eks-node-al2023-x86_64-standard-1.36-v20261105";

jest.setTimeout(900_000);

interface NodePool {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly spec: object;
}

describe("a pool of Karpenter on EKS, on stand-ins for AWS and for Karpenter", () => {
  let eks: EksStack;
  let kube: KubeClient;

  /** Karpenter itself runs on nodes of a managed group. */
  const system = { ...eksWorkers(OLD_IMAGE), size: { min: 1, max: 2 }, version: "1.35" };
  const workers = (image: string): object => ({ ...eksWorkers(image), karpenter: {} });
  const set = (version: string, pool: object): void =>
    eks.stack.set({ cluster: eksCluster(LAB, version), pools: { system, workers: pool } });

  const pools = async (): Promise<readonly NodePool[]> =>
    (await listAll<NodePool>(kube, "/apis/karpenter.sh/v1/nodepools")).items;
  const found = () => listNodes(kube, { labels: { "changeover.dev/pool": "workers" } });
  const nodes = async (): Promise<readonly string[]> => (await found()).map(({ name }) => name).sort();
  const kubelets = async (): Promise<readonly string[]> => [
    ...new Set((await found()).map(({ kubeletVersion }) => kubeletVersion)),
  ];

  beforeAll(async () => {
    eks = await openEksStack(LAB, {
      cluster: eksCluster(LAB, "1.35"),
      pools: { system },
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

  it("is refused in the preview where no Karpenter is", async () => {
    set("1.35", workers(OLD_IMAGE));
    const preview = await eks.stack.preview();
    expect(preview.code).not.toBe(0);
    expect(preview.text).toContain("Karpenter.NotInstalled");
  });

  it("is a NodePool of the cluster, which makes machines for pods once it is proven", async () => {
    await eks.aws.startKarpenter(LAB);
    expectDone(await eks.stack.up());
    const [pool, ...more] = await pools();
    expect(more).toEqual([]);
    expect(pool?.metadata.name).toMatch(/^workers-1-35-[0-9a-f]{6}$/);
    expect(pool?.spec).toMatchObject({ limits: { nodes: "4" }, disruption: { budgets: [{ nodes: "10%" }] } });
    await applyDeployment(kube, {
      ...{ name: "web", replicas: 4, maxUnavailable: 1, cpu: "700m" },
      nodeSelector: { "changeover.dev/pool": "workers" },
    });
    await untilReady(kube, "web", 4);
    expect((await nodes()).length).toBeGreaterThanOrEqual(2);
  });

  it("changes nothing when nothing was asked", async () => {
    const again = await eks.stack.preview("--expect-no-changes");
    expect(again.text).not.toMatch(/^ [~+-]/m);
    expect(again.code).toBe(0);
  });

  it("that can't be made for the new version leaves the old one as it was, and the way back leaves no trace", async () => {
    const before = { nodes: await nodes(), pools: (await pools()).map(({ spec }) => spec) };
    eks.aws.world.noImages.add(NEW_AMI);
    set("1.36", workers(NEW_IMAGE));
    const up = await eks.stack.up();
    expect(up.code).not.toBe(0);
    expect(up.text).toMatch(/Karpenter\.NotReady.*AMISelector did not match any AMIs/);
    expect(labStatus(LAB).version).toBe("1.36.4");
    expect(await nodes()).toEqual(before.nodes);
    set("1.36", { ...workers(OLD_IMAGE), version: "1.35" });
    expectDone(await eks.stack.up());
    expect({ nodes: await nodes(), pools: (await pools()).map(({ spec }) => spec) }).toEqual(before);
  });

  it("moves to machines of the new version within its budgets, and the old NodePool goes", async () => {
    eks.aws.world.noImages.clear();
    set("1.36", workers(NEW_IMAGE));
    const audit = await eks.stack.audit();
    const up = await eks.stack.up("--policy-pack", "policy");
    const summary = await audit.stop();
    expectDone(up);
    expectClean(summary);
    expect(await kubelets()).toEqual(["v1.36.4-eks-standin"]);
    expect((await podsOf(kube, "web")).filter(({ ready }) => ready)).toHaveLength(4);
    const [pool, ...more] = await pools();
    expect(more).toEqual([]);
    expect(pool?.metadata.name).toMatch(/^workers-1-36-/);
    expect(pool?.metadata.annotations).not.toHaveProperty("changeover.dev/prior");
    expect(pool?.spec).toMatchObject({ limits: { nodes: "4" }, disruption: { budgets: [{ nodes: "10%" }] } });
    expect((await eks.stack.preview("--expect-no-changes")).code).toBe(0);
  });

  it("goes with the cluster, its machines before those that Karpenter runs on", async () => {
    const destroyed = await eks.stack.run(["destroy", "--yes"]);
    expectDone(destroyed);
    const machines = destroyed.text.search(/KarpenterMachines \S+ deleted/);
    expect(machines).toBeGreaterThan(0);
    expect(destroyed.text.search(/eks:NodeGroup \S+ deleting/)).toBeGreaterThan(machines);
    expect(existsSync(join(eks.stack.dir, "labs", LAB))).toBe(false);
  });
});

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { AuditLine } from "../../lab/auditor/format";
import { type KubeClient, listNodes } from "../../kube";
import { SIMULATE } from "../../lab";
import { type Audit, expectClean } from "../support/auditor";
import { openCluster } from "../support/cluster";
import { leftoversOf, untilAlone } from "../support/processes";
import type { TestStack } from "../support/stack";
import { podsOf } from "../support/workloads";

const LAB = "ctrlc";
const APPS = ["shop", "cart", "mail"];
const REPLICAS = 4;
/** From the signal to the moment when the gate has heard of it. */
const HEARD_MS = 1_500;
const MOVING = /\[Migration\] moved [1-9]/;

const cluster = (version: string): Record<string, unknown> => ({ name: LAB, cloud: "lab", version });
const workers = (machine: string): Record<string, unknown> => ({ size: { min: 3, max: 6 }, machine });

/** Moments at which the auditor of this folder saw pods go by eviction. */
const evictionsIn = (dir: string): readonly number[] =>
  readdirSync(dir)
    .filter(name => /^audit-\d+\.jsonl$/.test(name))
    .flatMap(name => readFileSync(join(dir, name), "utf8").trim().split("\n"))
    .map(line => JSON.parse(line) as AuditLine)
    .flatMap(line =>
      line.kind === "pod" && line.change === "leaving" && line.cause === "evicted" ? [line.at] : [],
    );

describe("Ctrl-C while workloads move", () => {
  let stack: TestStack;
  let kube: KubeClient;
  let audit: Audit;

  beforeAll(async () => {
    const annotations = { [SIMULATE.readyDelay]: "2s" };
    const apps = APPS.map(name => ({ name, replicas: REPLICAS, maxUnavailable: 1, annotations }));
    const config = { cluster: cluster("1.35"), pools: { workers: workers("lab.medium") } };
    ({ stack, kube } = await openCluster(LAB, config, apps));
    audit = await stack.audit();
  });

  afterAll(async () => {
    await stack.close();
    await kube.close();
  });

  const expectMovedTo = async (kubelet: string, machine: string): Promise<void> => {
    const nodes = await listNodes(kube);
    expect(nodes.map(node => node.kubeletVersion)).toEqual([kubelet, kubelet, kubelet]);
    expect(nodes.map(node => node.labels["node.kubernetes.io/instance-type"])).toEqual([
      machine,
      machine,
      machine,
    ]);
    expect(nodes.every(node => !node.unschedulable && node.taints.length === 0)).toBe(true);
    for (const name of APPS) expect(await podsOf(kube, name)).toHaveLength(REPLICAS);
  };

  it("once: evicts nothing more, ends with the reason, and leaves no process", async () => {
    stack.set({ cluster: cluster("1.36") });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.seen(MOVING);
    up.interrupt();
    const heard = Date.now() + HEARD_MS;
    const run = await up.done;
    expect(run.code).not.toBe(0);
    expect(run.text).toMatch(/(Migration|Gate)\.Stopped/);
    expect(run.text).toContain("run `pulumi up` again to go on");
    await untilAlone(stack.dir, 5_000);
    expect(evictionsIn(stack.dir).filter(at => at > heard)).toEqual([]);
    expect(evictionsIn(stack.dir).length).toBeLessThan(APPS.length * REPLICAS);
  });

  it("goes on where it stopped", async () => {
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    await expectMovedTo("v1.36.4", "lab.medium");
    expect(evictionsIn(stack.dir)).toHaveLength(APPS.length * REPLICAS);
    expectClean(await audit.stop());
  });

  it("twice: ends within seconds and leaves no process", async () => {
    audit = await stack.audit();
    stack.set({ pools: { workers: workers("lab.large") } });
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.seen(MOVING);
    up.interrupt();
    await up.seen(/stopp|cancel|interrupt|\^C/i);
    const second = Date.now();
    up.interrupt();
    const run = await up.done;
    expect(Date.now() - second).toBeLessThan(8_000);
    expect(run.code).not.toBe(0);
    await untilAlone(stack.dir, 5_000);
    expect(leftoversOf(stack.dir)).toEqual([]);
  });

  it("ends in the same state after it", async () => {
    await stack.run(["cancel", "--yes"]);
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    await expectMovedTo("v1.36.4", "lab.large");
    expect((await stack.preview("--expect-no-changes")).code).toBe(0);
    expectClean(await audit.stop());
  });
});

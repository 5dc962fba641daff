import { type KubeClient, listAll, listNodes } from "../../kube";
import { labStatus } from "../../lab";
import { type Audit, expectClean } from "../support/auditor";
import { openCluster } from "../support/cluster";
import { gatesOf, untilAlone, untilGone } from "../support/processes";
import type { Run, TestStack } from "../support/stack";
import { podsOf } from "../support/workloads";

const APPS = ["shop", "cart"];
const REPLICAS = 4;
/** What an orphan needs to see that its engine is gone, and to end. */
const ORPHAN_MS = 10_000;

/** Every step of one upgrade, in its order: what the CLI says while it runs. */
const STEPS: readonly (readonly [string, RegExp])[] = [
  ["UpgradeGate", /UpgradeGate \S+ updating/],
  ["Backup", /Backup \S+ updating/],
  ["LabControlPlane", /LabControlPlane \S+ updating/],
  ["LabControlPlane half-way", /\[LabControlPlane\] (roll|restart)/],
  ["VersionRecord", /VersionRecord \S+ updating/],
  ["HealthGate", /HealthGate \S+ updating/],
  ["LabNodePool create", /LabNodePool \S+ creating/],
  ["GenerationGate", /GenerationGate \S+ (creating|updating)/],
  ["Activation", /Activation \S+ updating/],
  ["Migration", /\[Migration\] moved [1-9]/],
  ["Validation", /Validation \S+ updating/],
  ["SoakGate", /SoakGate \S+ updating/],
  ["Completion", /Completion \S+ updating/],
  ["Interlock delete", /Interlock \S+ deleting/],
  ["LabNodePool delete", /LabNodePool \S+ deleting/],
];

interface Victim {
  readonly lab: string;
  readonly what: string;
  readonly victims: (cli: number, gates: () => readonly number[]) => readonly number[];
}

const VICTIMS: readonly Victim[] = [
  { lab: "killcli", what: "the Pulumi CLI", victims: cli => [cli] },
  { lab: "killgate", what: "the gate process", victims: (_cli, gates) => gates() },
];

const cluster = (name: string, version: string): Record<string, unknown> => ({ name, cloud: "lab", version });

describe.each(VICTIMS)("kill -9 of $what", ({ lab, victims }) => {
  let stack: TestStack;
  let kube: KubeClient;
  let audit: Audit;
  /** What the kill before left behind has ended by itself, in time. */
  let alone = Promise.resolve();

  beforeAll(async () => {
    const config = {
      cluster: cluster(lab, "1.35"),
      pools: { workers: { size: { min: 3, max: 6 } } },
      backup: { kind: "etcd", proveRestore: false },
    };
    const apps = APPS.map(name => ({ name, replicas: REPLICAS, maxUnavailable: 1 }));
    ({ stack, kube } = await openCluster(lab, config, apps));
    audit = await stack.audit();
    stack.set({ cluster: cluster(lab, "1.36") });
  });

  afterAll(async () => {
    await stack.close();
    await kube.close();
  });

  /** At once, as an impatient user: the orphan of the last kill may still be at work, and the CLI left its lock. */
  const upUntil = async (pattern: RegExp): Promise<Run> => {
    await stack.run(["cancel", "--yes"]);
    const up = stack.start(["up", "--yes", "--skip-preview"]);
    await up.seen(pattern);
    const gates = (): readonly number[] => gatesOf(stack.dir).map(({ pid }) => pid);
    for (const pid of victims(up.pid, gates)) process.kill(pid, "SIGKILL");
    const before = alone;
    alone = untilGone(gates(), ORPHAN_MS);
    alone.catch(() => undefined);
    await before;
    return up.done;
  };

  it.each(STEPS)(
    "at %s leaves nothing running and nothing that the next run can't go on from",
    async (_step, pattern) => {
      expect((await upUntil(pattern)).code).not.toBe(0);
    },
  );

  it("ends in the same state as an upgrade that nobody disturbed", async () => {
    await stack.run(["cancel", "--yes"]);
    const up = await stack.up("--skip-preview");
    expect(up.text).not.toMatch(/error:/);
    expect(up.code).toBe(0);
    expectClean(await audit.stop());
    await untilAlone(stack.dir, ORPHAN_MS);
    const nodes = await listNodes(kube);
    expect(nodes.map(node => node.kubeletVersion)).toEqual(["v1.36.4", "v1.36.4", "v1.36.4"]);
    expect(nodes.every(node => !node.unschedulable && node.taints.length === 0)).toBe(true);
    expect(labStatus(lab)).toMatchObject({ state: "running", version: "1.36.4" });
    for (const name of APPS) expect(await podsOf(kube, name)).toHaveLength(REPLICAS);
    const probes = await listAll(kube, "/api/v1/namespaces/changeover-system/pods");
    expect(probes.items).toEqual([]);
    await stack.must(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
    const preview = await stack.preview("--expect-no-changes");
    expect(preview.text).not.toContain("pending operations");
    expect(preview.code).toBe(0);
  });
});

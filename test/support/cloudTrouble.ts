import { TAINT } from "../../core/identity/names";
import { type KubeClient, listNodes, readConfigMap } from "../../kube";
import { labStatus, SIMULATE } from "../../lab";
import type { Failures, Fault } from "../../lab/clouds/fault";
import { expectClean } from "./auditor";
import type { OpenCloud } from "./cloudUpgrade";
import { furnish, WEB } from "./cluster";
import { expectDone, expectRefused } from "./outcome";
import { planOf } from "./plan";
import { until, untilAlone } from "./processes";
import type { Config, Run } from "./stack";
import { applyBudget, podsOf, untilReady } from "./workloads";

/** A pool as its cloud has it. */
export interface PoolThere {
  readonly minor: string;
  /** All that a run may change about it but the number of its machines. */
  readonly settings: object;
}

/** What one cloud calls the things that go wrong on all of them. */
export interface CloudTrouble<C extends OpenCloud> {
  /** Name of cluster and lab. */
  readonly name: string;
  readonly open: (name: string, config: Config) => Promise<C>;
  /** `minor` = "1.35" or "1.36". */
  readonly cluster: (minor: string) => Config[string];
  /** The pool "workers", of 2 to 4 machines with kubelets of this minor, under a control plane of 1.36 too. */
  readonly workers: (minor: string) => Record<string, unknown>;
  /** The same cluster's name in a place that is not there, and how the cloud says that; where it is another cluster then. */
  readonly elsewhere?: { readonly cluster: Config[string]; readonly said: string };
  /** What only this cloud has to tell, before anything else goes wrong; and what must hold of it in the end. */
  readonly first?: (cloud: () => C) => void;
  readonly finally?: (cloud: C) => void;
  /** Type of a pool as a preview shows it. */
  readonly type: string;
  /** What the stand-in calls the making of a pool's machines, and the id that a pool of 1.36 is found by. */
  readonly making: string;
  readonly id: RegExp;
  readonly failures: (cloud: C) => Pick<Failures, "plan" | "hold">;
  /** The cloud takes the control plane to 1.36 by itself, and is through. */
  readonly moveAhead: (cloud: C) => Promise<void>;
  /** How often a control plane was taken to another version. */
  readonly moves: (cloud: C) => number;
  readonly pools: (cloud: C) => readonly PoolThere[];
  /** As the cloud answers who calls too often, and the calls that it answers so. */
  readonly throttled: { readonly fault: Fault; readonly actions: readonly string[] };
  /** An autoscaler wants so many machines of the pool of this minor. */
  readonly autoscale: (cloud: C, minor: string, size: number) => Promise<void>;
  /** What becomes of that wish for a pool that is being left: machines come, or the cloud refuses in these words. */
  readonly late: "comes" | RegExp;
  /** What a preview after a refresh shows where that is not nothing. */
  readonly settling?: RegExp;
}

const REST = { backup: { kind: "none" }, soak: { duration: "1s" }, health: { timeout: "2m" } };
const ORPHAN_MS = 60_000;
/** Slow to be ready again: what comes meanwhile is met by a migration that goes on. */
const SLOW_WEB = { ...WEB, annotations: { [SIMULATE.readyDelay]: "2s" } };
const FREE = { name: "free", replicas: 2 };
const CLOSED = { namespace: "changeover-system", name: "changeover-closed-pools" };

/** Everything about a node that a run may change. */
const nodesOf = async (kube: KubeClient): Promise<ReadonlyMap<string, object>> =>
  new Map(
    (await listNodes(kube)).map(({ name, labels, annotations, taints, unschedulable }) => [
      name,
      { labels, annotations, taints, unschedulable },
    ]),
  );

const isLeft = (node: object): boolean => JSON.stringify(node).includes(TAINT.leaving.key);

/** One cluster on one cloud through everything that goes wrong around an upgrade. */
export const describeCloudTrouble = <C extends OpenCloud>(title: string, words: CloudTrouble<C>): void =>
  describe(title, () => {
    let cloud: C;
    let kube: KubeClient;
    let letGo: () => void = () => undefined;
    /** The pool and its nodes before anything went wrong. */
    let before: { readonly settings: object; readonly nodes: ReadonlyMap<string, object> };

    const ofMinor = (minor: string): readonly PoolThere[] =>
      words.pools(cloud).filter(pool => pool.minor === minor);
    const blue = (): object => ofMinor("1.35")[0]?.settings ?? {};
    const minors = (): readonly string[] => words.pools(cloud).map(({ minor }) => minor);
    const set = (minor: string): void => cloud.stack.set({ pools: { workers: words.workers(minor) } });
    const start = (...args: string[]) => cloud.stack.start(["up", "--yes", "--skip-preview", ...args]);
    const readyOf = async (app: string): Promise<number> =>
      (await podsOf(kube, app)).filter(({ ready }) => ready).length;

    /** @returns the calls that were not yet answered so. */
    const throttle = (): (() => readonly string[]) => {
      const { fault, actions } = words.throttled;
      const failures = words.failures(cloud);
      const due = actions.map(action => ({
        action,
        left: failures.plan({ action, on: /^/, fault, times: 2 }),
      }));
      return () => due.filter(({ left }) => left() > 0).map(({ action }) => action);
    };

    beforeAll(async () => {
      const pools = { workers: words.workers("1.35") };
      cloud = await words.open(words.name, { cluster: words.cluster("1.35"), pools, ...REST });
      ({ kube } = await furnish(cloud.stack, [SLOW_WEB, FREE]));
      before = { settings: blue(), nodes: await nodesOf(kube) };
    });

    afterAll(async () => {
      await kube.close();
      await cloud.close();
    });

    /** One kubelet of the old pool reports another version from now on: it was upgraded in place, or again not. */
    const upgradeInPlace = async (kubeletVersion: string): Promise<string> => {
      const [{ name, kubeletVersion: was } = { name: "", kubeletVersion: "" }] = await listNodes(kube);
      const path = `/api/v1/nodes/${name}/status`;
      const body = { status: { nodeInfo: { kubeletVersion } } };
      await kube.request({ method: "PATCH", patch: "merge", path, body });
      return was;
    };

    words.first?.(() => cloud);

    it("versions that moved without us are named as drift, control plane and nodes, each with the line to change", async () => {
      await words.moveAhead(cloud);
      const was = await upgradeInPlace("v1.36.4");
      const preview = await cloud.stack.preview();
      await upgradeInPlace(was);
      expectRefused(preview, /ControlPlane\.DriftedAhead/);
      expect(preview.text).toContain('set cluster.version: "1.36"');
      expect(preview.text).toMatch(/Pool\.DriftedAhead: [^]* set pools\.workers\.version: "1\.36"/);
      cloud.stack.set({ cluster: words.cluster("1.36") });
    });

    if (words.elsewhere !== undefined)
      it("another region is another cluster, refused while this one is there, and more so where there is no such region", async () => {
        cloud.stack.set({ cluster: words.elsewhere?.cluster ?? {} });
        const preview = await cloud.stack.preview();
        expectRefused(preview, /UpgradeGate\.AnotherCluster/);
        expect(preview.text).toContain(words.elsewhere?.said);
        cloud.stack.set({ cluster: words.cluster("1.36") });
      });

    it("killed while a pool is being made, it finds the pool again and makes no second", async () => {
      set("1.36");
      letGo = words.failures(cloud).hold({ action: words.making, on: /^workers-1-36-/ });
      const up = start("--refresh");
      await up.seen(new RegExp(`${words.type}\\s+workers-1-36-\\S+ creating`));
      await until(() => minors().length === 2, { ms: 60_000, describe: minors });
      process.kill(up.pid, "SIGKILL");
      await up.done;
      await untilAlone(cloud.stack.dir, ORPHAN_MS);
      await cloud.stack.run(["cancel", "--yes"]);
      const { text } = await cloud.stack.changeover("recover", "--stack", "test", "--output", "json");
      expect(JSON.parse(text)).toMatchObject({
        changed: true,
        looked: [{ id: expect.stringMatching(words.id) as string }],
      });
      const next = await planOf(cloud.stack, "preview");
      expect(next.filter(step => /replac/.test(step) || step.startsWith(`create ${words.type}`))).toEqual([]);
    });

    it("goes on with the pool half made and its calls throttled, until a budget that allows nothing ends it by its name", async () => {
      await applyBudget(kube, "web", 0);
      const due = throttle();
      const up = start();
      letGo();
      expectRefused(await up.done, /Migration\.Blocked[^]*default\/web/);
      expect(due()).toEqual([]);
      expect(minors()).toEqual(["1.35", "1.36"]);
      expect(words.moves(cloud)).toBe(1);
      expect(blue()).not.toEqual(before.settings);
      const nodes = await nodesOf(kube);
      expect([...before.nodes.keys()].filter(name => !isLeft(nodes.get(name) ?? {}))).toEqual([]);
      expect(await readyOf("web")).toBe(4);
    });

    /** One run, watched from outside. */
    const audited = async (run: () => Promise<Run>): Promise<Run> => {
      const audit = await cloud.stack.audit();
      const done = await run();
      expectClean(await audit.stop());
      return done;
    };

    it("goes back past that budget, though green has grown: the old pool and its nodes are as they were, green is gone", async () => {
      await words.autoscale(cloud, "1.36", 3);
      set("1.35");
      expectDone(await audited(() => cloud.stack.up("--skip-preview")));
      expect(minors()).toEqual(["1.35"]);
      expect(blue()).toEqual(before.settings);
      const nodes = await nodesOf(kube);
      for (const [name, node] of before.nodes) expect(nodes.get(name)).toEqual(node);
      // What green had to hold has room here, too.
      expect(nodes.size).toBe(3);
      expect([...nodes.values()].filter(isLeft)).toEqual([]);
      const records = Object.keys((await readConfigMap(kube, CLOSED))?.data ?? {});
      expect(records.filter(name => name.startsWith("workers-1-35-"))).toEqual([]);
      expect([await readyOf("web"), await readyOf("free")]).toEqual([4, 2]);
      const steps = await planOf(cloud.stack, "preview", "--refresh");
      expect(steps.filter(step => words.settling?.test(step) !== true)).toEqual([]);
    });

    /** The wish of an autoscaler that decided before the pool was closed. */
    const growLate = async (): Promise<number> => {
      const grown = words.autoscale(cloud, "1.35", 4);
      if (words.late === "comes") return grown.then(() => 4);
      await expect(grown).rejects.toThrow(words.late);
      return 3;
    };

    const disturbed = async (): Promise<Run> => {
      const up = start();
      await up.seen(/\[Migration\] moved [1-9]/);
      const wanted = await growLate();
      const left = async (): Promise<boolean> =>
        [...(await nodesOf(kube)).values()].filter(isLeft).length === wanted;
      await until(left, { ms: 60_000, describe: () => `${String(wanted)} nodes closed` });
      return up.done;
    };

    it("disturbed by an autoscaler that would add a machine to the old pool, it moves everything and loses nothing", async () => {
      await applyBudget(kube, "web", 1);
      set("1.36");
      expectDone(await audited(disturbed));
      expect(minors()).toEqual(["1.36"]);
      expect(labStatus(words.name).version).toBe("1.36.4");
      const kubelets = (await listNodes(kube)).map(({ kubeletVersion }) => kubeletVersion);
      expect(kubelets.filter(version => !version.startsWith("v1.36.4"))).toEqual([]);
      await untilReady(kube, "web", 4);
      words.finally?.(cloud);
    });
  });

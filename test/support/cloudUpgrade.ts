import { existsSync } from "node:fs";
import { join } from "node:path";
import { type KubeClient, listNodes } from "../../kube";
import { labStatus } from "../../lab";
import { type EditWords, expectNoEditReplaces, type Types } from "./anyEdit";
import { expectClean } from "./auditor";
import { furnish, WEB } from "./cluster";
import { expectDone } from "./outcome";
import { planOf } from "./plan";
import type { Config, Run, TestStack } from "./stack";
import { eventually } from "./temporaryLabs";
import { podsOf } from "./workloads";

/** A stack on a cloud whose API is a stand-in. */
export interface OpenCloud {
  readonly stack: TestStack;
  readonly close: () => Promise<void>;
}

/** What one cloud calls the things of the story that all clouds tell. */
export interface CloudUpgrade<C extends OpenCloud> {
  /** Name of cluster and lab. */
  readonly name: string;
  readonly open: (name: string, config: Config) => Promise<C>;
  /** Whole configs of the cluster, and of its pools; "workers" is one of them. `minor` = "1.35", "1.36" or "1.37". */
  readonly cluster: (minor: string) => Config[string];
  readonly pools: (minor: string) => Config[string];
  /** Pools that stay at 1.35 while the control plane runs 1.36. */
  readonly poolsBehind: () => Config[string];
  /** Types of the cluster and of a pool, as a preview shows them. */
  readonly types: Types;
  /** What a user may write instead, at 1.35 or one minor on. */
  readonly edits: EditWords;
  /** What kubelets of a minor report. */
  readonly kubelet: (minor: string) => string;
  /** The machines of the next green can't be had. */
  readonly fail: (cloud: C) => void;
  /** What the run says then, in the provider's words; and what the next preview, in ours. */
  readonly failed: { readonly run: string; readonly preview: readonly string[] };
  /** Versions of the pools that the cloud has, and how many taints their next nodes are born with. */
  readonly made: (cloud: C) => readonly { readonly version: string; readonly taints: number }[];
  /** Nobody closed the pools of 1.35. */
  readonly expectOpen: (cloud: C) => void;
  /** What a first run after creation or after a refresh does, where that is not nothing. */
  readonly settle?: (stack: TestStack) => Promise<void>;
}

const REST = { backup: { kind: "none" }, soak: { duration: "1s" }, health: { timeout: "2m" } };
/** Pools move one after another, and "workers" is the one that all clouds have: what is done by then is always the same. */
const MOVING = /Migration workers updating [^]*\[Migration\] moved [1-9]/;

/** From creation to destruction on one cloud: what a user of any cloud may rely on. */
export const describeCloudUpgrade = <C extends OpenCloud>(title: string, words: CloudUpgrade<C>): void =>
  describe(title, () => {
    let cloud: C;
    let kube: KubeClient;
    let creation: readonly string[];

    beforeAll(async () => {
      cloud = await words.open(words.name, {
        cluster: words.cluster("1.35"),
        pools: words.pools("1.35"),
        ...REST,
      });
      creation = await planOf(cloud.stack);
      ({ kube } = await furnish(cloud.stack));
    });

    afterAll(async () => {
      await kube.close();
      await cloud.close();
    });

    const kubelets = async (): Promise<readonly string[]> => [
      ...new Set((await listNodes(kube)).map(node => node.kubeletVersion)),
    ];
    const names = async (): Promise<readonly string[]> =>
      (await listNodes(kube)).map(node => node.name).sort();
    const ready = async (): Promise<number> => (await podsOf(kube, WEB.name)).filter(pod => pod.ready).length;
    const versions = (): readonly string[] => [...new Set(words.made(cloud).map(({ version }) => version))];

    /** What runs after it looked at need not preview again. */
    const plan = (...args: string[]): Promise<readonly string[]> => planOf(cloud.stack, ...args);

    /** A busy machine may not answer within the preview's deadline, and the preview then says so. */
    const previewIfAnswered = async (): Promise<string | undefined> => {
      const { text } = await cloud.stack.preview();
      return /no answer in time|CloudNotAsked|cluster not checked/.test(text) ? undefined : text;
    };

    /** One run, watched from outside. */
    const audited = async (run: () => Promise<Run>): Promise<Run> => {
      const audit = await cloud.stack.audit();
      const done = await run();
      expectClean(await audit.stop());
      return done;
    };

    /** Ctrl-C while the first workloads move. */
    const interrupted = async (): Promise<Run> => {
      const up = cloud.stack.start(["up", "--yes", "--skip-preview"]);
      await up.seen(MOVING);
      up.interrupt();
      return up.done;
    };

    /** At the cloud: gates that had not done yet look again. */
    const expectGreenStays = (steps: readonly string[]): void => {
      expect(steps.filter(step => step.includes(`${words.types.pool} workers-1-36-`))).toEqual([]);
      expect(steps.filter(step => /^\S*replac/.test(step))).toEqual([]);
    };

    it("shows a new cluster as all that the cloud will be asked for", () => {
      expect(creation.filter(step => !step.startsWith("create "))).toEqual([]);
      expect(creation).toMatchSnapshot();
    });

    it("changes nothing when nothing was asked", async () => {
      await words.settle?.(cloud.stack);
      const again = await cloud.stack.preview("--expect-no-changes");
      expect(again.text).not.toMatch(/^ [~+-]/m);
      expect(again.code).toBe(0);
    });

    it("whatever is edited, nothing is replaced, or the preview refuses it", async () => {
      await expectNoEditReplaces(cloud.stack, words.edits, words.types);
      cloud.stack.set({ cluster: words.cluster("1.35"), pools: words.pools("1.35"), ...REST });
    });

    it("refuses a skipped minor in the preview", async () => {
      cloud.stack.set({ cluster: words.cluster("1.37"), pools: words.pools("1.37") });
      const preview = await cloud.stack.preview();
      expect(preview.code).not.toBe(0);
      expect(preview.text).toContain("ControlPlane.SkippedMinor");
    });

    it("shows the version as an update in place, the new pool beside the old one, and no replacement", async () => {
      cloud.stack.set({ cluster: words.cluster("1.36"), pools: words.pools("1.36") });
      const upgrade = await plan();
      const { cluster, pool } = words.types;
      expect(upgrade).toContainEqual(expect.stringMatching(`^update ${cluster} ${words.name} \\(`));
      expect(upgrade).toContainEqual(expect.stringMatching(`^create ${pool} workers-1-36-[0-9a-f]{6} `));
      expect(upgrade).toContainEqual(expect.stringMatching(`^delete ${pool} workers-1-35-[0-9a-f]{6}$`));
      expect(upgrade.filter(step => step.includes("replace"))).toEqual([]);
      expect(upgrade).toMatchSnapshot();
    });

    it("a pool that the cloud can't finish leaves the old one as it was", async () => {
      const before = await names();
      words.fail(cloud);
      const up = await cloud.stack.up("--skip-preview");
      expect(up.code).not.toBe(0);
      expect(up.text).toContain(words.failed.run);
      expect(await names()).toEqual(before);
      expect(await ready()).toBe(4);
      words.expectOpen(cloud);
    });

    it("says on the next run what the cloud said of that pool, and what to do about it", async () => {
      const text = await eventually("an answer of the cloud", previewIfAnswered, 180_000);
      for (const said of words.failed.preview) expect(text).toContain(said);
    });

    it("goes back with the pools, which keep their nodes; only the failed one goes", async () => {
      const before = await names();
      cloud.stack.set({ pools: words.poolsBehind() });
      expect(await plan()).toMatchSnapshot();
      expectDone(await cloud.stack.up("--skip-preview"));
      expect(await names()).toEqual(before);
      expect(versions()).toHaveLength(1);
      expect(await kubelets()).toEqual([words.kubelet("1.35")]);
    });

    it("interrupted while it moves, the next preview leaves the new pool as it is and goes on", async () => {
      cloud.stack.set({ pools: words.pools("1.36") });
      expect((await audited(interrupted)).code).not.toBe(0);
      expect(versions()).toHaveLength(2);
      const next = await plan();
      expectGreenStays(next);
      expectGreenStays(await plan("preview", "--refresh", "--policy-pack", "policy"));
      expect(next).toContainEqual(expect.stringMatching("^update changeover:Migration workers "));
      expect(next).toMatchSnapshot();
    });

    it("moves every workload within its budget to nodes of the new release", async () => {
      expectDone(await audited(() => cloud.stack.up("--skip-preview")));
      expect(await kubelets()).toEqual([words.kubelet("1.36")]);
      expect(labStatus(words.name).version).toBe("1.36.4");
      expect(await ready()).toBe(4);
      expect(versions()).toHaveLength(1);
      expect(words.made(cloud).map(({ taints }) => taints)).not.toContain(1);
    });

    it("changes nothing on the next run, also after a refresh", async () => {
      expect((await cloud.stack.preview("--expect-no-changes")).code).toBe(0);
      expect((await cloud.stack.run(["refresh", "--yes", "--skip-preview"])).code).toBe(0);
      await words.settle?.(cloud.stack);
      expect((await cloud.stack.preview("--expect-no-changes")).code).toBe(0);
    });

    it("goes back to nodes of the old release after all is done, within the same budgets", async () => {
      cloud.stack.set({ pools: words.poolsBehind() });
      expect(await plan()).toMatchSnapshot();
      expectDone(await audited(() => cloud.stack.up("--skip-preview", "--policy-pack", "policy")));
      expect(await kubelets()).toEqual([words.kubelet("1.35")]);
      expect(labStatus(words.name).version).toBe("1.36.4");
    });

    it("destroys the cluster with everything that stands behind it", async () => {
      expect(await plan("destroy", "--preview-only")).toMatchSnapshot();
      expectDone(await cloud.stack.run(["destroy", "--yes", "--skip-preview"]));
      expect(existsSync(join(cloud.stack.dir, "labs", words.name))).toBe(false);
    });
  });

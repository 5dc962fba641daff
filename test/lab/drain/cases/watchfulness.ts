import { KINDS, objectPath, podPath, type PodView } from "../../../../kube";
import { SIMULATE } from "../../../../lab/simulator/annotations";
import type { DrainOutcome } from "../../../../operations/drain/drainNodes";
import { type Arena, closeArena, openArena, podsOf, until } from "../arena";
import { putBudget, putController, QUICK } from "./benchPods";
import { type Bench, once, type Site } from "./benchSites";
import {
  endingsOn,
  inArena,
  isBlue,
  type Running,
  stage,
  startDrain,
  type Tape,
  tapePods,
  untilRunning,
} from "./scene";

const HELD = "readiness of what moved is closed";
/** How long the readings must be good before evictions go on. */
const STEADY_MS = 15_000;
const SICK = ["sick-a", "sick-b"] as const;

interface Story {
  readonly outcome: DrainOutcome;
  /** Pods that had left when the guard closed, by app. */
  readonly lost: readonly number[];
  /** The same at the second recovery. */
  readonly meanwhile: readonly number[];
  readonly recoveredAt: number;
  readonly nextAt: number | undefined;
}

const template = (arena: Arena, app: string, fail: string | null): Promise<unknown> =>
  arena.kube.request({
    method: "PATCH",
    path: objectPath(KINDS.statefulSets, { namespace: arena.name, name: app }),
    body: { spec: { template: { metadata: { annotations: { [SIMULATE.fail]: fail } } } } },
  });

/** Pods that are there stay as they are; their successors are what the template says by then. */
const putStore = async (arena: Arena, name: string): Promise<void> => {
  const labels = { app: name };
  const container = { name: "app", image: "app:1" };
  await arena.kube.request({
    method: "POST",
    path: `/apis/apps/v1/namespaces/${arena.name}/statefulsets`,
    body: {
      metadata: { name },
      spec: {
        ...{ replicas: 3, serviceName: name, podManagementPolicy: "Parallel" },
        updateStrategy: { type: "OnDelete" },
        selector: { matchLabels: labels },
        template: {
          metadata: { labels, annotations: { ...QUICK, [SIMULATE.stopDelay]: "1500ms" } },
          spec: {
            nodeSelector: { arena: arena.name },
            terminationGracePeriodSeconds: 5,
            containers: [container],
          },
        },
      },
    },
  });
  await putBudget(arena, name, { maxUnavailable: 1 });
};

const furnish = async (arena: Arena): Promise<void> => {
  for (const name of SICK) await putStore(arena, name);
  const annotations = { [SIMULATE.readyDelay]: "1500ms" };
  await putController(arena, { kind: "deployments", name: "calm", replicas: 4, annotations });
  await putBudget(arena, "calm", { maxUnavailable: 1 });
};

const untilHeld = ({ progress }: Running): Promise<true> =>
  until("a drain that is held", () =>
    progress.at(-1)?.held.some(text => text.startsWith(HELD)) === true ? true : undefined,
  );

/** A machine under load may hold a run for its lease. */
const isAboutPods = (held: string): boolean => !held.startsWith("lease ");

/** Evictions that were on their way when the guard closed have been answered, and the tape shows what they did. */
const untilAnswered = ({ transitions }: Running, tape: Tape<PodView>): Promise<true> =>
  until("answers to all evictions", () => {
    const states = new Map(transitions.flatMap(step => (step.kind === "pod" ? [[step.uid, step.to]] : [])));
    const ended = new Set(endingsOn(tape).map(({ object }) => object.uid));
    const isOpen = ([uid, state]: readonly [string, string]): boolean =>
      state === "posted" || (state === "terminating" && !ended.has(uid));
    return [...states].some(isOpen) ? undefined : true;
  });

/** The successors are made anew, well this time. */
const heal = async (arena: Arena): Promise<void> => {
  for (const app of SICK) await template(arena, app, null);
  const sick = (await podsOf(arena)).filter(({ trouble }) => trouble !== undefined);
  for (const pod of sick) await arena.kube.request({ method: "DELETE", path: podPath(pod) });
  await untilRunning(arena, 10);
};

/** They fall once more: not for long, but seen. */
const flap = async (arena: Arena): Promise<void> => {
  const moved = (await podsOf(arena)).filter(
    pod => !isBlue(pod) && SICK.some(app => pod.labels["app"] === app),
  );
  const mark = (fail: string | null): Promise<unknown> =>
    Promise.all(
      moved.map(pod =>
        arena.kube.request({
          method: "PATCH",
          path: podPath(pod),
          body: { metadata: { annotations: { [SIMULATE.fail]: fail } } },
        }),
      ),
    );
  await mark("never-ready");
  await Promise.all(
    moved.map(pod =>
      arena.kube.request({
        method: "PATCH",
        path: `${podPath(pod)}/status`,
        patch: "strategic",
        body: { status: { conditions: [{ type: "Ready", status: "False" }] } },
      }),
    ),
  );
  await until("pods that are not Ready", async () =>
    (await podsOf(arena)).filter(({ ready }) => !ready).length >= moved.length ? true : undefined,
  );
  await mark(null);
  await untilRunning(arena, 10);
};

/** Less than the steady time, and more than what the test's clock may be off. */
const CALM_MS = 4_000;

const runWatched = async (arena: Arena): Promise<Story> => {
  for (const app of SICK) await template(arena, app, "crash-loop");
  const tape = await tapePods(arena);
  const evicted = (app: string): number => endingsOn(tape, app).filter(({ object }) => isBlue(object)).length;
  const all = (): readonly number[] => ["calm", ...SICK].map(evicted);
  const running = startDrain(arena, { sentries: {}, deadlineSeconds: 160 });
  await untilHeld(running);
  await untilAnswered(running, tape);
  const lost = all();
  await heal(arena);
  const healedAt = Date.now();
  await until("a calm that is too short", () => (Date.now() - healedAt > CALM_MS ? true : undefined));
  await flap(arena);
  const recoveredAt = Date.now();
  const meanwhile = all();
  const outcome = await running.outcome;
  tape.stop();
  const next = endingsOn(tape).find(({ at, object }) => at > recoveredAt && isBlue(object));
  return { outcome, lost, meanwhile, recoveredAt, nextAt: next?.at };
};

const story = once(async ({ kube }: Site): Promise<Story> => {
  let arena = await openArena(kube, "watched", 2);
  try {
    await furnish(arena);
    arena = await stage(arena, 10);
    return await runWatched(arena);
  } finally {
    await closeArena(arena);
  }
});

const alarms = ({ both }: Bench): void => {
  both(
    "#88 readiness that flaps counts from anew: evictions go on only after a whole steady time",
    async site => {
      const { outcome, recoveredAt, nextAt, lost, meanwhile } = await story(site);
      expect(meanwhile).toEqual(lost);
      // The engine saw the recovery a moment before the test did.
      expect(nextAt).toBeGreaterThanOrEqual(recoveredAt + STEADY_MS - 1_500);
      expect(outcome).toMatchObject({ kind: "drained", remaining: 0 });
    },
  );

  both(
    "#89 successors that crash end the evictions: one of each, and nothing more of anything else",
    async site => {
      const { lost } = await story(site);
      expect(lost.slice(1)).toEqual([1, 1]);
      expect(lost[0]).toBeLessThan(4);
    },
  );

  both(
    "#90 pods that crash and were not moved hold nobody up",
    inArena("strangers", 1, async opened => {
      const slow = { [SIMULATE.readyDelay]: "1500ms" };
      await putController(opened, { kind: "deployments", name: "web", replicas: 6, annotations: slow });
      await putBudget(opened, "web", { maxUnavailable: 1 });
      const arena = await stage(opened, 6);
      const running = startDrain(arena, { sentries: {} });
      await until("the start", () => running.transitions[0]);
      const spec = { nodeSelector: { arena: arena.name, color: "green" } };
      const annotations = { [SIMULATE.fail]: "crash-loop" };
      await putController(arena, { kind: "deployments", name: "strange", replicas: 3, annotations, spec });
      await until("crashing strangers", async () =>
        (await podsOf(arena)).filter(({ trouble }) => trouble !== undefined).length === 3 ? true : undefined,
      );
      expect(running.ended()).toBe(false);
      expect(await running.outcome).toMatchObject({ kind: "drained", moved: 6 });
      expect(running.progress.flatMap(({ held }) => held).filter(isAboutPods)).toEqual([]);
    }),
  );
};

/** 88 to 90: what the engine watches while it moves pods. */
export const watchfulnessCases = (bench: Bench): void => alarms(bench);

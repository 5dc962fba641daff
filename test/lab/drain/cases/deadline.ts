import type { Transition } from "../../../../core/drain/transitions";
import { KINDS, objectPath, podPath, type PodView } from "../../../../kube";
import { SIMULATE } from "../../../../lab/simulator/annotations";
import type { DrainOutcome } from "../../../../operations/drain/drainNodes";
import { giveBack } from "../../../../operations/drain/giveBack";
import { type Arena, closeArena, nodeState, openArena, podsOf, until } from "../arena";
import { drain } from "./benchDrain";
import { putBudget, putController, putPod, removePod } from "./benchPods";
import { type Bench, once, type Site } from "./benchSites";
import { endingsOn, inArena, isBlue, type Sighting, stage, tapePods } from "./scene";

interface Story {
  /** Of a run whose deadline has passed before it begins, of one whose time runs out, and of the next one. */
  readonly outcomes: readonly DrainOutcome[];
  /** Ends of pods that a budget holds, up to the end of the second run. */
  readonly heldEnds: readonly Sighting<PodView>[];
  /** Every sight, up to the end of the second run, of a pod that was going before the first. */
  readonly going: readonly PodView[];
  readonly stillThere: number;
  readonly marks: readonly string[];
}

/** `long` and `short` are held by their budgets; `slow` takes its time to end; `web` is not through in time. */
const furnish = async (arena: Arena): Promise<void> => {
  const app = (name: string, replicas: number, more: object = {}): Promise<unknown> =>
    putController(arena, { kind: "deployments", name, replicas, ...more });
  await app("long", 1, { spec: { terminationGracePeriodSeconds: 600 } });
  await app("short", 1);
  for (const name of ["long", "short"]) await putBudget(arena, name, { maxUnavailable: 0 });
  const annotations = { [SIMULATE.stopDelay]: "55s" };
  await putPod(arena, { name: "slow", node: arena.blue[0], graceSeconds: 60, annotations });
  await app("web", 4, { annotations: { [SIMULATE.readyDelay]: "2s" } });
  await putBudget(arena, "web", { maxUnavailable: 1 });
};

const release = async (arena: Arena): Promise<void> => {
  for (const name of ["long", "short"])
    await arena.kube.request({
      method: "DELETE",
      path: objectPath(KINDS.budgets, { namespace: arena.name, name }),
    });
};

const deletePod = async (arena: Arena, name: string): Promise<void> => {
  await arena.kube.request({ method: "DELETE", path: podPath({ namespace: arena.name, name }) });
};

/** Never ends blocked before its deadline: the deadline is what these cases are about. */
const PATIENT = { tuning: { lingerMs: 300, blockedAfterMs: 60_000 } };

const runOut = async (arena: Arena): Promise<Story> => {
  const tape = await tapePods(arena);
  await deletePod(arena, "slow");
  const late = await drain(arena, { deadlineSeconds: 0 });
  const first = await drain(arena, { deadlineSeconds: 12, ...PATIENT });
  const going = tape.seen.flatMap(({ object }) => (object.name === "slow" ? [object] : []));
  const stillThere = (await podsOf(arena)).filter(({ name }) => name === "slow");
  const heldEnds = ["long", "short"].flatMap(app => endingsOn(tape, app));
  const states = await Promise.all(arena.blue.map(node => nodeState(arena.kube, node)));
  const marks = states.flatMap(state => Object.keys((state as { annotations: object }).annotations));
  await removePod(arena, "slow");
  await release(arena);
  const second = await drain(arena, { deadlineSeconds: 90 });
  tape.stop();
  return {
    outcomes: [late, first, second],
    heldEnds,
    going: [...going, ...stillThere],
    stillThere: stillThere.length,
    marks: [...new Set(marks)].filter(key => key.startsWith("changeover.dev/")).sort(),
  };
};

const story = once(async ({ kube }: Site): Promise<Story> => {
  let arena = await openArena(kube, "deadline", 2);
  try {
    await furnish(arena);
    arena = await stage(arena, 7);
    return await runOut(arena);
  } finally {
    await closeArena(arena);
  }
});

const deadlines = ({ both }: Bench): void => {
  both("#55 no pod is deleted early so that its grace fits the deadline: the run pauses", async site => {
    const { outcomes, heldEnds } = await story(site);
    expect(outcomes[1]).toMatchObject({ kind: "paused", reasons: ["its own deadline has passed"] });
    expect(heldEnds.filter(({ object }) => object.labels["app"] === "long")).toEqual([]);
  });

  both("#56 a pod whose grace is shorter than what is left is not forced", async site => {
    const { heldEnds } = await story(site);
    expect(heldEnds.filter(({ object }) => object.labels["app"] === "short")).toEqual([]);
  });

  both("#57 a pod that is going already ends in its own time, beyond the deadline too", async site => {
    const { going, stillThere } = await story(site);
    const ends = going.filter(({ deletionTimestamp }) => deletionTimestamp !== undefined);
    expect(stillThere).toBe(1);
    expect(new Set(ends.map(pod => pod.deletionTimestamp)).size).toBe(1);
    expect(new Set(ends.map(pod => pod.deletionGracePeriodSeconds))).toEqual(new Set([60]));
  });

  both("#58 a deadline in the past evicts nothing, with whatever grace", async site => {
    const { outcomes } = await story(site);
    expect(outcomes[0]).toMatchObject({ kind: "paused", moved: 0 });
  });

  both("#59 a later, looser deadline is that run's own: nothing of the first is kept", async site => {
    const { outcomes, marks } = await story(site);
    expect(outcomes[1]?.kind).toBe("paused");
    expect(["changeover.dev/prior", "changeover.dev/run"]).toEqual(expect.arrayContaining([...marks]));
    expect(outcomes[2]).toMatchObject({ kind: "drained", remaining: 0 });
  });

  both("#60 a pod that still waits when the deadline passes is left where it is", async site => {
    const { outcomes, heldEnds } = await story(site);
    expect(heldEnds).toEqual([]);
    expect(outcomes[1]?.remaining).toBeGreaterThanOrEqual(2);
  });
};

/** Cancelled as soon as the first eviction is accepted, while its pod ends slowly. */
const drainToFirst = async (
  arena: Arena,
): Promise<{ readonly accepted: number; readonly outcome: DrainOutcome }> => {
  const stop = new AbortController();
  let accepted = 0;
  const onTransition = (moved: Transition): void => {
    if (moved.kind !== "eviction" || moved.answer !== "accepted") return;
    accepted += 1;
    stop.abort();
  };
  const tools = { signal: stop.signal, onTransition };
  const outcome = await drain(arena, { tuning: { lingerMs: 300 } }, tools);
  return { accepted, outcome };
};

const cancels = ({ both }: Bench): void => {
  const slow = { [SIMULATE.stopDelay]: "6s" };
  const furnished = async (arena: Arena): Promise<Arena> => {
    const spec = { terminationGracePeriodSeconds: 30 };
    await putController(arena, { kind: "deployments", name: "web", replicas: 4, annotations: slow, spec });
    await putBudget(arena, "web", { maxUnavailable: 1 });
    return stage(arena, 4);
  };

  both(
    "#63 cancelled before, between and during a slow end: no further evictions",
    inArena("cancel", 1, async opened => {
      const arena = await furnished(opened);
      const tape = await tapePods(arena);
      const before = await drain(arena, {}, { signal: AbortSignal.abort() });
      expect(before).toMatchObject({ kind: "stopped", moved: 0 });
      expect(endingsOn(tape)).toEqual([]);
      for (const evicted of [1, 2]) {
        expect(await drainToFirst(arena)).toMatchObject({
          accepted: 1,
          outcome: { kind: "stopped", reasons: ["it was cancelled"] },
        });
        expect(endingsOn(tape)).toHaveLength(evicted);
      }
      expect((await podsOf(arena)).filter(isBlue).length).toBeGreaterThanOrEqual(2);
      tape.stop();
    }),
  );
};

const remains = ({ both }: Bench): void =>
  both(
    "#83 pods that remain after the timeout are named, and giving back takes every mark off their nodes",
    inArena("remains", 1, async opened => {
      await putController(opened, {
        kind: "deployments",
        name: "broken",
        replicas: 2,
        annotations: { [SIMULATE.fail]: "never-ready" },
      });
      await putBudget(opened, "broken", { minAvailable: 1 });
      await putController(opened, { kind: "deployments", name: "web" });
      const arena = await stage(opened, 1);
      await until("running pods", async () =>
        (await podsOf(arena)).every(({ phase }) => phase === "Running") ? true : undefined,
      );
      const [node = ""] = arena.blue;
      const state = await nodeState(arena.kube, node);
      const outcome = await drain(arena, { timeoutSeconds: 10 });
      expect(outcome).toMatchObject({
        kind: "blocked",
        moved: 1,
        blocked: [{ code: "UNHEALTHY_DEADLOCK", budget: "PDB remains/broken", needs: 1, has: 0 }],
      });
      const left = (await podsOf(arena)).filter(isBlue).map(({ name }) => `remains/${name}`);
      expect(outcome.kind === "blocked" && outcome.blocked[0]?.pods).toEqual(left.sort());
      expect(await nodeState(arena.kube, node)).not.toEqual(state);
      await giveBack(arena.kube, { names: arena.blue });
      expect(await nodeState(arena.kube, node)).toEqual(state);
    }),
  );

/** 55 to 60, 63 and 83: what time and cancelling do, and what they never do. */
export const deadlineCases = (bench: Bench): void => {
  deadlines(bench);
  cancels(bench);
  remains(bench);
};

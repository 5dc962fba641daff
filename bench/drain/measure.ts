import type { Bench } from "../row";
import { destroyLab } from "../../lab";
import { type Arena, LAB, openArena } from "./arena";
import { boundOf } from "./bound";
import { CONTENDERS } from "./contenders";
import { openField } from "./field";
import { describeLimits, openPlatform, type Platform } from "./limits";
import type { Outcome } from "./outcome";
import { describePlan } from "./plans";
import { baselineOf, type Course, nextPool, raceAll, type Results, seconds } from "./race";
import type { Result } from "./result";
import { type Lap, lapOf, type Plan } from "./schedule";
import { runOnStandIn } from "./standIn/measure";
import { openTimekeeper, type Timekeeper } from "./timekeeper";

const inOrder = (results: Results): Results =>
  new Map(
    CONTENDERS.flatMap(({ name }) => {
      const runs = results.get(name);
      return runs === undefined ? [] : [[name, runs] as const];
    }),
  );

const measureScenario = async (course: Course, lap: Lap): Promise<Outcome> => {
  const { arena, time } = course;
  const { scenario } = lap;
  arena.bench.say(`== ${scenario.name}: ${scenario.title}`);
  const full = await nextPool(arena, scenario);
  const field = await openField(arena, scenario);
  const [baseline, blue] = await baselineOf(course.plan, { field, blue: full });
  time.opened(lap);
  const results = inOrder(await raceAll(course, lap, { field, blue }));
  return { scenario, bound: boundOf(scenario), results, ...(baseline === undefined ? {} : { baseline }) };
};

export interface Measured {
  readonly outcomes: readonly Outcome[];
  /** Why a scenario has no outcome, by its name. */
  readonly failures: Readonly<Record<string, string>>;
  /** What the platform allows itself. */
  readonly limits: readonly string[];
}

interface Stage {
  readonly plan: Plan;
  readonly time: Timekeeper;
  readonly bench: Bench;
  /** Opened when it is first asked for. */
  readonly arena: () => Promise<Arena>;
  /** What the platform allowed itself, a line for each program. */
  readonly limits: ReadonlySet<string>;
  /** What a failure left behind would take part in the next scenario: it gets another lab. */
  readonly drop: () => Promise<void>;
}

const openStage = (bench: Bench, plan: Plan, time: Timekeeper): Stage => {
  let open: { readonly arena: Arena; readonly platform: Platform } | undefined;
  const limits = new Set<string>();
  return {
    ...{ plan, time, bench, limits },
    arena: async () => {
      if (open !== undefined) return open.arena;
      const arena = await openArena(bench);
      open = { arena, platform: await openPlatform(plan.setting, bench.scratch) };
      describeLimits(open.platform).forEach(line => limits.add(line));
      return arena;
    },
    drop: async () => {
      open?.platform.close();
      await open?.arena.kube.close();
      open = undefined;
      await destroyLab(LAB);
    },
  };
};

const measureOnStandIn = async ({ bench, time, plan }: Stage, lap: Lap): Promise<Outcome> => {
  const { scenario } = lap;
  bench.say(`== ${scenario.name}: ${scenario.title}`);
  time.opened(lap);
  const runs: Result[] = [];
  for (const turn of lap.turns) {
    const limitSeconds = Math.min(scenario.deadlineSeconds, time.allow(turn, seconds()) ?? 0);
    if (limitSeconds > 0) runs.push(await runOnStandIn(bench, scenario, { limitSeconds, logs: plan.logs }));
    time.finished(turn);
    bench.say(`    ${time.describe(seconds())}`);
  }
  return { scenario, bound: boundOf(scenario), results: new Map([["changeover", runs]]) };
};

const measureLap = async (stage: Stage, lap: Lap): Promise<Outcome> =>
  lap.scenario.onStandIn === true
    ? measureOnStandIn(stage, lap)
    : measureScenario({ arena: await stage.arena(), plan: stage.plan, time: stage.time }, lap);

/** All scenarios one after another, on one lab. One that fails is no reason to lose the others; stopped, it is over. */
export const measureDrain = async (bench: Bench, plan: Plan): Promise<Measured> => {
  const laps = plan.scenarios.map(scenario => lapOf(plan, scenario));
  const time = openTimekeeper(laps, { from: seconds(), seconds: plan.seconds });
  bench.say(describePlan(plan, laps));
  const stage = openStage(bench, plan, time);
  const outcomes: Outcome[] = [];
  const failures: Record<string, string> = {};
  for (const lap of laps) {
    try {
      outcomes.push(await measureLap(stage, lap));
    } catch (error) {
      if (bench.signal.aborted) break;
      const reason = error instanceof Error ? error.message : String(error);
      bench.say(`  failed: ${reason}`);
      failures[lap.scenario.name] = reason;
      time.skip(lap);
      await stage.drop();
    }
  }
  await stage.drop();
  return { outcomes, failures, limits: [...stage.limits] };
};

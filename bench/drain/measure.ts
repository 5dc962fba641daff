import type { Bench } from "../row";
import { destroyLab } from "../../lab";
import { type Arena, LAB, openArena } from "./arena";
import { boundOf } from "./bound";
import { CONTENDERS } from "./contenders";
import { openField } from "./field";
import { describeLimits } from "./limits";
import type { Outcome } from "./outcome";
import { baselineOf, type Course, nextPool, raceAll, type Results, seconds } from "./race";
import { type Lap, lapOf, type Plan, secondsOf } from "./schedule";
import { inWords, openTimekeeper } from "./timekeeper";

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

const describePlan = (plan: Plan, laps: readonly Lap[]): string => {
  const seconds = Math.min(
    plan.seconds,
    laps.reduce((sum, lap) => sum + secondsOf(lap), 0),
  );
  const names = plan.scenarios.map(({ name }) => name).join(", ");
  return `${names}; ${plan.rounds} rounds, likely to take ${inWords(seconds)} on two cores`;
};

/** What a failure left behind would take part in the next scenario. */
const reopen = async (arena: Arena): Promise<Arena> => {
  await arena.kube.close();
  await destroyLab(LAB);
  return openArena(arena.bench);
};

/** All scenarios one after another, on one lab. One that fails is no reason to lose the others; stopped, it is over. */
export const measureDrain = async (bench: Bench, plan: Plan): Promise<Measured> => {
  const laps = plan.scenarios.map(scenario => lapOf(plan, scenario));
  const time = openTimekeeper(laps, { from: seconds(), seconds: plan.seconds });
  bench.say(describePlan(plan, laps));
  const outcomes: Outcome[] = [];
  const failures: Record<string, string> = {};
  let arena = await openArena(bench);
  const limits = describeLimits();
  for (const lap of laps) {
    try {
      outcomes.push(await measureScenario({ arena, plan, time }, lap));
    } catch (error) {
      if (bench.signal.aborted) break;
      const reason = error instanceof Error ? error.message : String(error);
      bench.say(`  failed: ${reason}`);
      failures[lap.scenario.name] = reason;
      time.skip(lap);
      arena = await reopen(arena);
    }
  }
  await arena.kube.close();
  return { outcomes, failures, limits };
};

import type { Bench } from "../row";
import { rotated } from "../statistics";
import { type Arena, openArena, openPool, type Pool } from "./arena";
import { measureBaseline } from "./baseline";
import { boundOf } from "./bound";
import { type Contender, CONTENDERS } from "./contenders";
import { closePool, type Field, openField, settle } from "./field";
import { describeLimits } from "./limits";
import type { Outcome } from "./outcome";
import { type Result, runOnce } from "./run";
import type { ContenderName, Scenario } from "./scenario";

export interface Plan {
  readonly scenarios: readonly Scenario[];
  /** Rounds in which a contender takes part in a scenario; fewer than all rounds where that would take too long. */
  readonly roundsOf: (contender: ContenderName, scenario: Scenario) => number;
  /** Time for all of it, shared out among scenarios: a run that would begin later is left out. */
  readonly milliseconds: number;
}

const isAllowed = ({ contenders }: Scenario, { name }: Contender): boolean =>
  contenders?.includes(name) ?? true;

/** The order of one scenario: contenders take turns, another one begins each round. */
const orderOf = (bench: Bench, plan: Plan, scenario: Scenario): readonly Contender[] =>
  Array.from({ length: bench.rounds }, (_, round) =>
    rotated(CONTENDERS, round).filter(
      contender => isAllowed(scenario, contender) && round < plan.roundsOf(contender.name, scenario),
    ),
  ).flat();

const describe = ({ title }: Contender, result: Result): string => {
  const { makespan, left, unavailablePodSeconds, api, returned } = result;
  const end = makespan === undefined ? `not finished, ${left} left` : `${makespan.toFixed(1)} s`;
  const back = returned === undefined ? "" : `, back after ${returned.toFixed(1)} s`;
  const calls = api === undefined ? "" : `, ${api.evictions} evictions, ${api.refused} refused`;
  return `  ${title}: ${end}${back}, ${unavailablePodSeconds.toFixed(0)} pod-seconds${calls}`;
};

interface Table {
  readonly field: Field;
  readonly blue: Pool;
}

/** Without both of these once, a scenario says nothing: they are measured even if time is up by then. */
const NEEDED: ReadonlySet<ContenderName> = new Set(["changeover", "parallel"]);

interface Slot {
  readonly plan: Plan;
  /** `performance.now()` after which no further run of this scenario begins. */
  readonly until: number;
}

let pools = 0;
const nextPool = (arena: Arena, { nodes }: Scenario): Promise<Pool> =>
  openPool(arena, `bench-${pools++}`, nodes);

/** Blue is full and green is open: the work is done to blue, which then goes. */
const onFreshGreen = async <T>(table: Table, work: () => Promise<T>): Promise<readonly [T, Pool]> => {
  const { field, blue } = table;
  await settle(field);
  const green = await nextPool(field.arena, field.scenario);
  const done = await work();
  await closePool(field, blue);
  return [done, green];
};

const raceAll = async (first: Table, { plan, until }: Slot): Promise<Omit<Outcome, "bound">> => {
  const { field } = first;
  const { scenario, arena } = field;
  const results = new Map<ContenderName, Result[]>();
  const [baseline, second] = await onFreshGreen(first, () => measureBaseline(field, first.blue));
  let blue = second;
  for (const contender of orderOf(arena.bench, plan, scenario)) {
    const isNeeded = NEEDED.has(contender.name) && !results.has(contender.name);
    if (performance.now() > until && !isNeeded) {
      arena.bench.say(`  out of time: ${contender.title} is left out`);
      continue;
    }
    const pool = blue;
    const drive = { field, pool, contender };
    const [result, green] = await onFreshGreen({ field, blue }, () => runOnce(drive));
    blue = green;
    arena.bench.say(describe(contender, result));
    results.set(contender.name, [...(results.get(contender.name) ?? []), result]);
  }
  await field.close();
  await closePool(field, blue);
  return { scenario, baseline, results };
};

const inOrder = ({ results, ...outcome }: Outcome): Outcome => ({
  ...outcome,
  results: new Map(
    CONTENDERS.flatMap(({ name }) => {
      const runs = results.get(name);
      return runs === undefined ? [] : [[name, runs] as const];
    }),
  ),
});

const measureScenario = async (arena: Arena, slot: Slot, scenario: Scenario): Promise<Outcome> => {
  arena.bench.say(`== ${scenario.name}: ${scenario.title}`);
  const blue = await nextPool(arena, scenario);
  const field = await openField(arena, scenario);
  const outcome = await raceAll({ field, blue }, slot);
  return inOrder({ ...outcome, bound: boundOf(scenario) });
};

export interface Measured {
  readonly outcomes: readonly Outcome[];
  readonly limits: string;
}

/** All scenarios one after another, on one lab. What cannot be measured is left out, and said. */
export const measureDrain = async (bench: Bench, plan: Plan): Promise<Measured> => {
  const end = performance.now() + plan.milliseconds;
  const arena = await openArena(bench);
  const outcomes: Outcome[] = [];
  try {
    for (const [index, scenario] of plan.scenarios.entries()) {
      const now = performance.now();
      if (now > end) {
        bench.say(`out of time: ${scenario.name} is left out`);
        continue;
      }
      const slot = { plan, until: now + (end - now) / (plan.scenarios.length - index) };
      outcomes.push(await measureScenario(arena, slot, scenario));
    }
    return { outcomes, limits: describeLimits() };
  } finally {
    await arena.kube.close();
  }
};

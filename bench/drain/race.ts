import { median } from "../statistics";
import { type Arena, openPool, type Pool } from "./arena";
import { type Baseline, measureBaseline } from "./baseline";
import { type Contender, contenderOf } from "./contenders";
import type { Drive } from "./drive";
import { closePool, type Field, settle, unsurge } from "./field";
import type { Result } from "./result";
import { runOnce } from "./run";
import type { ContenderName, Scenario } from "./scenario";
import type { Lap, Plan, Turn } from "./schedule";
import type { Timekeeper } from "./timekeeper";

const describe = ({ title }: Contender, result: Result): string => {
  const { makespan, endedAfter = 0, left, unavailablePodSeconds, api, returned } = result;
  const end =
    makespan === undefined
      ? `ended after ${endedAfter.toFixed(0)} s, ${left} left`
      : `${makespan.toFixed(1)} s`;
  const back = returned === undefined ? "" : `, back after ${returned.toFixed(1)} s`;
  const calls = api === undefined ? "" : `, ${api.evictions} evictions, ${api.refused} refused`;
  return `  ${title}: ${end}${back}, ${unavailablePodSeconds.toFixed(0)} pod-seconds${calls}`;
};

export interface Course {
  readonly arena: Arena;
  readonly plan: Plan;
  readonly time: Timekeeper;
}

export interface Table {
  readonly field: Field;
  readonly blue: Pool;
}

/** The clock of a timekeeper here. */
export const seconds = (): number => performance.now() / 1_000;

let pools = 0;
export const nextPool = (arena: Arena, { nodes }: Scenario): Promise<Pool> =>
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

export type Results = Map<ContenderName, readonly Result[]>;

/** Others need not be watched to their end when it is clear by how much they are slower. */
const patienceFor = (
  { plan, scenario, results }: { plan: Plan; scenario: Scenario; results: Results },
  contender: ContenderName,
): number => {
  const ours = (results.get("changeover") ?? []).flatMap(({ makespan }) => makespan ?? []);
  if (contender === "changeover" || ours.length === 0) return Infinity;
  return plan.patienceWith(contender, scenario) * median(ours);
};

interface Start {
  readonly turn: Turn;
  readonly scenario: Scenario;
  readonly results: Results;
}

/** @returns seconds; undefined = it is left out. */
const limitOf = ({ plan, time }: Course, { turn, scenario, results }: Start): number | undefined => {
  const allowed = time.allow(turn, seconds());
  if (allowed === undefined) return undefined;
  const patience = patienceFor({ plan, scenario, results }, turn.contender);
  return Math.min(scenario.deadlineSeconds, allowed, patience);
};

/** One run after which the workloads are what they were. */
const runAlone = async (drive: Drive): Promise<Result> => {
  const result = await runOnce(drive);
  if (result.makespan === undefined && drive.contender.name === "surgeFirst") await unsurge(drive.field);
  return result;
};

/** All turns of a scenario. Nobody is left out of the first round. */
export const raceAll = async (course: Course, lap: Lap, first: Table): Promise<Results> => {
  const { field } = first;
  const { say } = course.arena.bench;
  const results: Results = new Map();
  let { blue } = first;
  for (const turn of lap.turns) {
    const contender = contenderOf(turn.contender);
    const limitSeconds = limitOf(course, { turn, scenario: lap.scenario, results });
    if (limitSeconds === undefined)
      say(`  out of time: ${contender.title} is left out in round ${turn.round + 1}`);
    else {
      const { returnSeconds, logs } = course.plan;
      const drive = { field, pool: blue, contender, limitSeconds, returnSeconds, logs };
      const [result, green] = await onFreshGreen({ field, blue }, () => runAlone(drive));
      blue = green;
      results.set(turn.contender, [...(results.get(turn.contender) ?? []), result]);
      say(describe(contender, result));
    }
    course.time.finished(turn);
    say(`    ${course.time.describe(seconds())}`);
  }
  await field.close();
  await closePool(field, blue);
  return results;
};

export const baselineOf = async (plan: Plan, table: Table): Promise<readonly [Baseline | undefined, Pool]> =>
  plan.hasBaseline(table.field.scenario)
    ? onFreshGreen(table, () => measureBaseline(table.field, table.blue))
    : [undefined, table.blue];

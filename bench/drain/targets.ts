import { median } from "../statistics";
import type { Row } from "../row";
import { boundSecondsOf, makespanOf, type Outcome } from "./outcome";
import type { Result } from "./run";
import type { ContenderName } from "./scenario";

const TO_BOUND = 1.1;
const TO_PARALLEL = 1;
const TO_SERIAL = 1 / 3;
const MANY_NODES = 50;
const REFUSED_PER_POD = 0.05;
const NAMED_SECONDS = 5;
const RESUMED_SECONDS = 5;
const MEGABYTES = 300;
const CORES = 1;
/** So long that a start does not decide what a processor-second a second is. */
const LONG_SECONDS = 10;

const runsOf = ({ results }: Outcome, name: ContenderName): readonly Result[] => results.get(name) ?? [];

const perRound = (outcome: Outcome, rival: ContenderName): readonly number[] => {
  const theirs = runsOf(outcome, rival);
  return runsOf(outcome, "changeover").flatMap((ours, round) => {
    const other = theirs[round];
    const ratio = other === undefined ? Number.NaN : makespanOf(ours) / makespanOf(other);
    // Where neither ends there is nothing to compare.
    return Number.isNaN(ratio) ? [] : [ratio];
  });
};

type Judge = (outcome: Outcome, ours: readonly Result[]) => readonly Omit<Row, "what">[];

const always =
  (of: (result: Result) => number | undefined, unit: Row["unit"], atMost: number): Judge =>
  (_outcome, ours) => [{ unit, atMost, values: ours.flatMap(result => of(result) ?? []) }];

const bound: Judge = (outcome, ours) =>
  outcome.scenario.judgedByBound
    ? [{ unit: "×", atMost: TO_BOUND, values: ours.map(run => makespanOf(run) / boundSecondsOf(outcome)) }]
    : [];

const parallel: Judge = outcome => [
  { unit: "×", atMost: TO_PARALLEL, values: perRound(outcome, "parallel") },
];

const serial: Judge = outcome =>
  outcome.scenario.nodes >= MANY_NODES
    ? [{ unit: "×", atMost: TO_SERIAL, values: perRound(outcome, "serial") }]
    : [];

const named: Judge = ({ scenario }, ours) =>
  scenario.workloads.some(({ blocked }) => blocked === true)
    ? [{ unit: "s", atMost: NAMED_SECONDS, values: ours.map(run => run.named ?? Infinity) }]
    : [];

const coresOf = ({ cpuSeconds, makespan = 0 }: Result): number | undefined =>
  makespan < LONG_SECONDS ? undefined : cpuSeconds / makespan;

const TARGETS: readonly (readonly [string, Judge])[] = [
  ["makespan ÷ T*", bound],
  ["makespan ÷ kubectl, all nodes at once", parallel],
  ["makespan ÷ kubectl, one after another", serial],
  [
    "refused (429) per pod moved",
    always(({ api, moved }) => api && api.refused / moved, "×", REFUSED_PER_POD),
  ],
  ["falls below a budget", always(({ violations }) => violations, "", 0)],
  ["double moves", always(({ doubleMoves }) => doubleMoves, "", 0)],
  ["blockers named", named],
  ["resumed after kill -9", always(({ injected }) => injected?.resumed, "s", RESUMED_SECONDS)],
  ["peak memory", always(({ peakMegabytes }) => peakMegabytes, "MB", MEGABYTES)],
  ["processors used", always(coresOf, "×", CORES)],
];

const isMissed = ({ values, atMost = Infinity }: Row): boolean => !(median(values) <= atMost);

/** What the issue asks of us, misses first. */
export const judge = (outcomes: readonly Outcome[]): readonly Row[] => {
  const rows = outcomes.flatMap(outcome =>
    TARGETS.flatMap(([what, of]) =>
      of(outcome, runsOf(outcome, "changeover"))
        .filter(({ values }) => values.length > 0)
        .map(row => ({ ...row, what: `${outcome.scenario.name}: ${what}` })),
    ),
  );
  return [...rows.filter(isMissed), ...rows.filter(row => !isMissed(row))];
};

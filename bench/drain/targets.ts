import type { Row } from "../row";
import { boundSecondsOf, leastMakespanOf, makespanOf, type Outcome } from "./outcome";
import type { Result } from "./result";
import { type ContenderName, isStuck, type Scenario, takesPart } from "./scenario";

const MANY_NODES = 50;

/** What a makespan, a count or a size has to stay below, and who shows it. */
export interface Target {
  readonly what: string;
  readonly unit: Row["unit"];
  readonly atMost: number;
  /** Scenarios that show it. */
  readonly shows: (scenario: Scenario) => boolean;
  /** Who has to run for it. */
  readonly needs: readonly ContenderName[];
  /** One value a round. */
  readonly of: (outcome: Outcome) => readonly number[];
  /** Why there may be none although all have run. */
  readonly lack?: string;
}

const runsOf = ({ results }: Outcome, name: ContenderName): readonly Result[] => results.get(name) ?? [];

const always = (): boolean => true;
const hasParallel = (scenario: Scenario): boolean => takesPart(scenario, "parallel");
/** The servers count everybody's evictions. */
const isCounted = ({ onStandIn = false, fault }: Scenario): boolean =>
  !onStandIn && fault !== "secondDrainer";
const isBound = ({ judgedByBound }: Scenario): boolean => judgedByBound;
const isMass = ({ name }: Scenario): boolean => name.startsWith("S7");
const hasSurgeFirst = (scenario: Scenario): boolean => takesPart(scenario, "surgeFirst");

type Measure = Pick<Target, "needs" | "of">;
type OfRun = (run: Result, outcome: Outcome) => number | undefined;

const each = (name: ContenderName, of: OfRun): Measure => ({
  needs: [name],
  of: outcome => runsOf(outcome, name).flatMap(run => of(run, outcome) ?? []),
});
const ours = (of: OfRun): Measure => each("changeover", of);
const surgeFirst = (of: OfRun): Measure => each("surgeFirst", of);

/** Where the other was ended early the true ratio is smaller still; where neither came to an end there is none. */
const against = (rival: ContenderName): Measure & Pick<Target, "lack"> => ({
  needs: ["changeover", rival],
  of: outcome => {
    const theirs = runsOf(outcome, rival);
    return runsOf(outcome, "changeover").flatMap((run, round) => {
      const other = theirs[round];
      const isOpen = run.makespan === undefined && other?.makespan === undefined;
      return other === undefined || isOpen ? [] : [makespanOf(run) / leastMakespanOf(other)];
    });
  },
  lack: "neither emptied the nodes",
});

const toBound: OfRun = (run, outcome) => makespanOf(run) / boundSecondsOf(outcome);

const coresOf: OfRun = ({ cpuSeconds, makespan, endedAfter = Number.NaN }) =>
  cpuSeconds / (makespan ?? endedAfter);

const SPEED: readonly Target[] = [
  { what: "makespan ÷ T*", unit: "×", atMost: 1.1, shows: isBound, ...ours(toBound) },
  {
    ...{ what: "makespan ÷ kubectl, all nodes at once", unit: "×", atMost: 1, shows: hasParallel },
    ...against("parallel"),
  },
  {
    ...{ what: "makespan ÷ kubectl, one after another", unit: "×", atMost: 1 / 3 },
    shows: scenario => isBound(scenario) && scenario.nodes >= MANY_NODES,
    ...against("serial"),
  },
];

const CARE: readonly Target[] = [
  {
    ...{ what: "refused (429) per pod moved", unit: "×", atMost: 0.05, shows: isCounted },
    ...ours(({ api, moved }) => api && api.refused / moved),
    lack: "the API server that counts them was started anew",
  },
  {
    ...{ what: "falls below a budget", unit: "", atMost: 0, shows: always },
    ...ours(run => run.violations),
  },
  { what: "double moves", unit: "", atMost: 0, shows: always, ...ours(run => run.doubleMoves) },
  {
    ...{ what: "blockers named", unit: "s", atMost: 5, shows: isStuck },
    ...ours(({ named = Infinity }) => named),
  },
  {
    ...{ what: "resumed after kill -9", unit: "s", atMost: 5 },
    shows: ({ fault }) => fault === "killDrainer",
    ...ours(({ injected }) => injected?.resumed),
    lack: "it was over before it could be killed",
  },
];

const SIZE: readonly Target[] = [
  { what: "peak memory", unit: "MB", atMost: 300, shows: isMass, ...ours(run => run.peakMegabytes) },
  { what: "processors used", unit: "×", atMost: 1, shows: isMass, ...ours(coresOf) },
];

const SURGE_FIRST: readonly Target[] = [
  {
    ...{ what: "surge-first: unavailable pod-seconds", unit: "", atMost: 0, shows: hasSurgeFirst },
    ...surgeFirst(run => run.unavailablePodSeconds),
  },
  {
    ...{ what: "surge-first: makespan ÷ T* without surge", unit: "×", atMost: 1, shows: hasSurgeFirst },
    ...surgeFirst(toBound),
  },
  {
    ...{ what: "surge-first: falls below a budget", unit: "", atMost: 0, shows: hasSurgeFirst },
    ...surgeFirst(run => run.violations),
  },
  {
    ...{ what: "surge-first: double moves", unit: "", atMost: 0, shows: hasSurgeFirst },
    ...surgeFirst(run => run.doubleMoves),
  },
];

export const TARGETS: readonly Target[] = [...SPEED, ...CARE, ...SIZE, ...SURGE_FIRST];

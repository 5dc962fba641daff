import { rotated } from "../statistics";
import { boundOf } from "./bound";
import type { Setting } from "./limits";
import { type ContenderName, EVERYBODY, isStuck, podsOf, type Scenario, takesPart } from "./scenario";

export interface Plan {
  readonly scenarios: readonly Scenario[];
  readonly rounds: number;
  /** Who takes part; undefined = nobody in particular. */
  readonly named: readonly ContenderName[] | undefined;
  /** Rounds in which a contender takes part in a scenario, of all. */
  readonly roundsOf: (contender: ContenderName, scenario: Scenario) => number;
  /** For all of it: further rounds are left out when time runs short, the first one never. */
  readonly seconds: number;
  readonly setting: Setting;
  /** A folder for what contenders say. */
  readonly logs: string | undefined;
  /** How long a command may take to come back once its nodes are empty. */
  readonly returnSeconds: number;
  /** Another than us is ended after so many times what we took. */
  readonly patienceWith: (contender: ContenderName, scenario: Scenario) => number;
  /** Whether it is measured what the platform needs for itself. */
  readonly hasBaseline: (scenario: Scenario) => boolean;
}

/** One run of one contender. */
export interface Turn {
  readonly contender: ContenderName;
  readonly round: number;
  /** What it is likely to take, with all that is around it. */
  readonly seconds: number;
}

export interface Lap {
  readonly scenario: Scenario;
  /** What filling the cluster, and the pods deleted at once, are likely to take. */
  readonly openSeconds: number;
  readonly turns: readonly Turn[];
}

type Guess = (of: { readonly bound: number; readonly pace: number; readonly scenario: Scenario }) => number;

/** Seconds, as runs on two cores were like: for plans and for what is said on the way, never for a verdict. */
const GUESSES: Readonly<Record<ContenderName, Guess>> = {
  changeover: ({ bound }) => 1.2 * bound + 3,
  surgeFirst: ({ pace }) => pace + 4,
  parallel: ({ bound }) => 1.5 * bound + 7,
  karpenter: ({ bound }) => 1.7 * bound + 9,
  serial: ({ scenario, pace }) => scenario.nodes * (pace / 2 + 4),
};
const SECONDS_PER_POD = { fill: 0.03, move: 0.02, around: 0.01 };
const SECONDS_AROUND = 3;

/** From the first pod's eviction to the last successor's readiness, if all went at once. */
const paceOf = ({ workloads }: Scenario): number =>
  Math.max(0, ...workloads.map(({ pace }) => pace.startMs + pace.readyMs + pace.stopMs)) / 1_000;

const guess = (contender: ContenderName, scenario: Scenario): number => {
  const { deadlineSeconds, fault } = scenario;
  // After a crash on green nothing is whole again; and a serial drain stops at the first node that it cannot empty.
  if (fault === "crashOnGreen" || (contender === "serial" && isStuck(scenario))) return deadlineSeconds;
  const bound = boundOf(scenario).ms / 1_000;
  const least = podsOf(scenario) * SECONDS_PER_POD.move;
  const likely = GUESSES[contender]({ bound, pace: paceOf(scenario), scenario });
  return Math.min(deadlineSeconds, Math.max(likely, least));
};

const around = (scenario: Scenario): number => SECONDS_AROUND + podsOf(scenario) * SECONDS_PER_POD.around;

const patientGuess = (plan: Plan, contender: ContenderName, scenario: Scenario): number => {
  const likely = guess(contender, scenario);
  if (contender === "changeover") return likely;
  return Math.min(likely, plan.patienceWith(contender, scenario) * guess("changeover", scenario));
};

const openSecondsOf = (plan: Plan, scenario: Scenario): number =>
  paceOf(scenario) * (plan.hasBaseline(scenario) ? 2 : 1) + podsOf(scenario) * SECONDS_PER_POD.fill;

/** Contenders take turns, another one begins each round. */
export const lapOf = (plan: Plan, scenario: Scenario): Lap => ({
  scenario,
  openSeconds: openSecondsOf(plan, scenario),
  turns: Array.from({ length: plan.rounds }, (_, round) =>
    rotated(EVERYBODY, round)
      .filter(name => takesPart(scenario, name, plan.named) && round < plan.roundsOf(name, scenario))
      .map(contender => ({
        contender,
        round,
        seconds: patientGuess(plan, contender, scenario) + around(scenario),
      })),
  ).flat(),
});

export const secondsOf = ({ openSeconds, turns }: Lap): number =>
  turns.reduce((sum, { seconds }) => sum + seconds, openSeconds);

import type { LowerBound } from "../../core/drain/lowerBound";
import { type Baseline, longestPaceSeconds } from "./baseline";
import type { Result } from "./result";
import type { ContenderName, Scenario } from "./scenario";

/** All runs of one scenario, in the order of rounds for each contender. */
export interface Outcome {
  readonly scenario: Scenario;
  readonly bound: LowerBound;
  /** Only where the bound is a target. */
  readonly baseline?: Baseline;
  readonly results: ReadonlyMap<ContenderName, readonly Result[]>;
}

/** Seconds; without end where blue was not empty in time. */
export const makespanOf = ({ makespan }: Result): number => makespan ?? Infinity;

/** Seconds; of one that was ended before blue was empty, the time that it had: it would have taken longer. */
export const leastMakespanOf = ({ makespan, endedAfter = Infinity }: Result): number =>
  makespan ?? endedAfter;

export const boundSecondsOf = ({ bound }: Outcome): number => bound.ms / 1_000;

/**
 * How much of T* the platform and its simulation need for the work alone: from 1 on, they are the limit and not the budgets.
 */
export const platformShareOf = (outcome: Outcome, { wholeSeconds }: Baseline): number =>
  (wholeSeconds - longestPaceSeconds(outcome.scenario)) / boundSecondsOf(outcome);

import type { ApiUse } from "./apiMeter";
import type { Injected } from "./faults";
import type { Tally } from "./ledger";
import type { Ended } from "./programs";

/** What one drain of one contender was like. Seconds from its start; absent = it never happened. */
export interface Result {
  readonly makespan?: number;
  /** It was ended with pods still on blue: it would have taken longer than this. */
  readonly endedAfter?: number;
  /** Until every workload had all of its pods ready again. */
  readonly whole?: number;
  /** Until the command came back. */
  readonly returned?: number;
  readonly firstEviction?: number;
  readonly lastEviction?: number;
  /** Until all blocked workloads had been named. */
  readonly named?: number;
  readonly unavailablePodSeconds: number;
  readonly violations: number;
  readonly doubleMoves: number;
  readonly moved: number;
  readonly left: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly api?: ApiUse;
  readonly injected?: Injected;
}

type Times = Pick<Result, "makespan" | "whole" | "returned" | "firstEviction" | "lastEviction" | "named">;

const timesOf = (startedAt: number, at: Readonly<Record<keyof Times, number | undefined>>): Times =>
  Object.fromEntries(
    Object.entries(at).flatMap(([what, time]) =>
      time === undefined ? [] : [[what, (time - startedAt) / 1_000]],
    ),
  );

/** A run that has come to its end, or was brought to it. */
export interface Over {
  readonly limitSeconds: number;
  readonly startedAt: number;
  /** When all blocked workloads had been named. */
  readonly namedAt?: number | undefined;
  readonly tally: Tally;
  readonly end: Ended & { readonly asked: boolean };
}

export const resultOf = ({ limitSeconds, startedAt, namedAt, tally, end }: Over): Result => {
  const { unavailablePodSeconds, violations, doubleMoves, moved, left } = tally;
  return {
    ...(tally.emptyAt === undefined ? { endedAfter: limitSeconds } : {}),
    ...timesOf(startedAt, {
      makespan: tally.emptyAt,
      whole: tally.emptyAt === undefined ? undefined : tally.wholeAt,
      returned: end.asked ? undefined : end.endedAt,
      firstEviction: tally.firstGoingAt,
      lastEviction: tally.lastGoingAt,
      named: namedAt,
    }),
    unavailablePodSeconds,
    violations,
    doubleMoves,
    moved,
    left,
    cpuSeconds: end.cpuSeconds,
    peakMegabytes: end.peakMegabytes,
  };
};

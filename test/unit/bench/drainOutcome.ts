import { boundOf } from "../../../bench/drain/bound";
import type { Outcome } from "../../../bench/drain/outcome";
import type { Result } from "../../../bench/drain/result";
import type { ContenderName, Scenario } from "../../../bench/drain/scenario";

export const SCENARIO: Scenario = {
  name: "S2",
  title: "many <budgets>",
  nodes: 50,
  workloads: [
    {
      name: "api-0",
      kind: "Deployment",
      replicas: 5,
      pace: { startMs: 1_000, readyMs: 1_000, stopMs: 2_000 },
      budgets: [{ maxUnavailable: 1 }],
      cpuMillis: 50,
    },
  ],
  deadlineSeconds: 60,
  judgedByBound: true,
};

export const result = (over: Partial<Result> = {}): Result => ({
  makespan: 10,
  whole: 12,
  unavailablePodSeconds: 8,
  violations: 0,
  doubleMoves: 0,
  moved: 5,
  left: 0,
  cpuSeconds: 1,
  peakMegabytes: 120,
  api: { evictions: 5, refused: 0, failed: 0, requests: 100, bytes: 2e6, p99Seconds: 0.05 },
  ...over,
});

/** T* is 10 s. */
export const outcome = (
  results: readonly (readonly [name: ContenderName, runs: readonly Result[]])[],
  over: Partial<Scenario> = {},
): Outcome => {
  const scenario = { ...SCENARIO, ...over };
  return {
    scenario,
    bound: boundOf(scenario),
    baseline: { emptySeconds: 3, wholeSeconds: 4 },
    results: new Map(results),
  };
};

/** Ended before blue was empty. */
export const cutOff = (endedAfter: number): Partial<Result> => ({ makespan: undefined, endedAfter, left: 3 });

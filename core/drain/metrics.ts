import type { Answer } from "./answers";
import { memoryOf } from "./budgets";
import type { DrainProgress } from "./describe";
import type { ClimbRecord } from "./ladder/climbRecord";
import type { DrainState } from "./state";
import { surveyDrain } from "./survey";
import type { Transition } from "./transitions";

/** One figure under its Prometheus name. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Running totals: every transition is counted once. */
export type Totals = ReadonlyMap<string, Sample>;

export const NO_TOTALS: Totals = new Map();

/** What the server said, as HTTP has it; empty when nothing was sent or no answer came. */
const SAID: Readonly<Record<Answer["kind"], { readonly code: string; readonly cause: string }>> = {
  accepted: { code: "201", cause: "" },
  gone: { code: "404", cause: "" },
  budgetFull: { code: "429", cause: "DisruptionBudget" },
  budgetBehind: { code: "429", cause: "DisruptionBudgetBehind" },
  throttled: { code: "429", cause: "" },
  manyBudgets: { code: "500", cause: "MultiplePodDisruptionBudgets" },
  refused: { code: "403", cause: "" },
  later: { code: "", cause: "Later" },
  changed: { code: "409", cause: "Changed" },
  stale: { code: "", cause: "Stale" },
};

type Count = readonly [name: string, labels: Sample["labels"], by: number];

const countsOf = (transition: Transition): readonly Count[] => {
  switch (transition.kind) {
    case "eviction":
      return [
        ["drain_evictions_total", SAID[transition.answer], 1],
        ["drain_eviction_latency_seconds_sum", {}, transition.ms / 1000],
        ["drain_eviction_latency_seconds_count", {}, 1],
      ];
    case "node":
      return transition.to === "empty" ? [["drain_nodes_emptied_total", {}, 1]] : [];
    case "finished":
      return [["drain_runs_total", { outcome: transition.outcome }, 1]];
    default:
      return [];
  }
};

const counted = (totals: Totals, counts: readonly Count[]): Totals => {
  if (counts.length === 0) return totals;
  const next = new Map(totals);
  for (const [name, labels, by] of counts) {
    const key = `${name} ${JSON.stringify(labels)}`;
    next.set(key, { name, labels, value: (next.get(key)?.value ?? 0) + by });
  }
  return next;
};

export const countTransition = (totals: Totals, transition: Transition): Totals =>
  counted(totals, countsOf(transition));

const PAST_BUDGETS: ReadonlySet<string> = new Set(["force", "evict-unhealthy"]);

/** What the ladder did counts where it passed over a budget. */
export const countClimb = (totals: Totals, { rung }: ClimbRecord): Totals =>
  PAST_BUDGETS.has(rung) ? counted(totals, [["drain_forced_total", { reason: rung }, 1]]) : totals;

const gauge = (name: string, value: number, labels: Sample["labels"] = {}): Sample => ({
  name,
  labels,
  value,
});

const podGauges = (progress: DrainProgress): readonly Sample[] =>
  (["queued", "terminating", "blocked", "awaited", "moved"] as const).map(state =>
    gauge("drain_pods", progress[state], { state }),
  );

const laneGauges = (state: DrainState): readonly Sample[] =>
  [...surveyDrain(state).lanes.values()].flatMap(({ budget, slots }) => {
    const { cycleMs, waiting } = memoryOf(state, budget.key);
    const labels = { budget: budget.name };
    return [
      gauge("drain_budget_slots", slots, labels),
      ...(cycleMs === undefined ? [] : [gauge("drain_cycle_seconds", cycleMs / 1000, labels)]),
      ...(waiting === undefined
        ? []
        : [
            gauge("drain_budget_blocked_seconds", (state.now - waiting.since) / 1000, {
              ...labels,
              reason: waiting.code,
            }),
          ]),
    ];
  });

/** What can be seen now; totals are added by whoever keeps them. */
export const gaugesOf = (state: DrainState, progress: DrainProgress): readonly Sample[] => [
  ...podGauges(progress),
  ...laneGauges(state),
  ...state.guards.map(({ name, state: at }) =>
    gauge("drain_gate_open", Number(at === "open"), { gate: name }),
  ),
  ...(progress.etaSeconds === undefined ? [] : [gauge("drain_eta_seconds", progress.etaSeconds)]),
];

import type { DrainPlan } from "../../../../core/drain/plan/plan";
import type { CommandResult } from "../../../../operations/drain/commandDrain";
import type { DrainOutcome } from "../../../../operations/drain/drainNodes";

export const plan = (more: Partial<DrainPlan> = {}): DrainPlan => ({
  nodes: ["blue-1", "blue-2"],
  pods: { total: 10, move: 8, wait: 0, ignored: 2, blocked: 0 },
  findings: [],
  budgets: [],
  capacity: { verdict: "FITS", reasons: [] },
  bound: { seconds: 40, binding: "PDB shop/web", words: "PDB shop/web: 4 rounds" },
  terms: { chains: [], rates: undefined, waves: undefined, wait: { ms: 0, names: [] } },
  predictedSeconds: 44,
  ...more,
});

const FIGURES = { moved: 8, remaining: 0, nodes: { empty: 2, total: 2 }, seconds: 51.3 };

export const drained: DrainOutcome = { kind: "drained", ...FIGURES };

export const unfinished = (kind: "paused" | "stopped" | "rollback" | "lostLease"): DrainOutcome => ({
  kind,
  reasons: ["its own deadline has passed"],
  ...FIGURES,
  remaining: 3,
  nodes: { empty: 1, total: 2 },
});

export const blocked: DrainOutcome = {
  kind: "blocked",
  reasons: ["BLOCKED_BY_SPEC shop/web-1"],
  blocked: [{ code: "BLOCKED_BY_SPEC", message: "never", pods: ["shop/web-1"], seconds: 9 }],
  ...FIGURES,
  remaining: 1,
  nodes: { empty: 1, total: 2 },
};

export const ended = (outcome: DrainOutcome, way: "drain" | "rollback" = "drain"): CommandResult => ({
  kind: "ended",
  way,
  outcome,
  plan: plan(),
});

export const problem = {
  code: "Drain.Forbidden",
  path: "nodes",
  message: "ada may not patch nodes",
  fix: "ask",
} as const;

import { needsAndHas } from "./budgets";
import type { BudgetFact } from "./facts";
import { describeNames } from "./names";
import type { Standstill } from "./standstillCode";
import type { Budget } from "./surveyed";

/** Standstills that no waiting ends. */
export const HOPELESS: ReadonlySet<string> = new Set(["SYNC_FAILED", "BLOCKED_BY_SPEC"]);

const pdbStandstill = (fact: BudgetFact): Standstill => {
  if (fact.syncFailed !== undefined) return "SYNC_FAILED";
  if (!fact.observed) return "UNOBSERVED";
  const idle = fact.expected > 0 && fact.disruptedPods.length === 0;
  if (idle && fact.healthy >= fact.expected && fact.allowed === 0) return "BLOCKED_BY_SPEC";
  return "BUSY";
};

/** Why a budget without a slot has none. `allUnready`: every pod that waits for it is itself not Ready. */
export const standstillOf = (budget: Budget, allUnready: boolean): Standstill => {
  if (budget.kind === "own") return "BUSY";
  const standstill = pdbStandstill(budget.fact);
  return standstill === "BUSY" && allUnready ? "UNHEALTHY_DEADLOCK" : standstill;
};

const count = (budget: Budget): string => {
  const { needs, has } = needsAndHas(budget);
  return `needs ${needs} has ${has}`;
};

/** The server notes evicted pods by name, for two minutes at most: a successor of the same name counts as evicted so long. */
const describeBusy = (budget: Budget): string => {
  const noted = budget.kind === "pdb" ? budget.fact.disruptedPods : [];
  const evicted = noted.length === 0 ? "" : `, and ${describeNames(noted)} counted as evicted`;
  return `too few of its pods are Ready${evicted} (${count(budget)})`;
};

const TEXT: Readonly<Record<Standstill, (budget: Budget) => string>> = {
  UNOBSERVED: () => "its newest spec has not been looked at by the controller",
  SYNC_FAILED: budget =>
    `the controller cannot count its pods: ${(budget.kind === "pdb" ? budget.fact.syncFailed : undefined) ?? "no reason given"}`,
  BLOCKED_BY_SPEC: budget => `all its pods are healthy and it still allows no disruption (${count(budget)})`,
  UNHEALTHY_DEADLOCK: budget => `the pods that wait are themselves not Ready (${count(budget)})`,
  BUSY: describeBusy,
};

export const describeStandstill = (budget: Budget, code: Standstill): string => TEXT[code](budget);

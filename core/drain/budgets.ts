import type { BudgetFact, PodFact } from "./facts";
import { matchesLabels } from "./labels";
import { type BudgetMemory, type DrainState, NO_MEMORY } from "./state";
import { syntheticLimit, type WorkloadCount, desiredOf } from "./workloads";
import { fullName } from "./world";

/** What limits how many pods may be down: a PDB, or the engine's own rule for a workload without one. */
export type Budget =
  | { readonly kind: "pdb"; readonly key: string; readonly name: string; readonly fact: BudgetFact }
  | {
      readonly kind: "own";
      readonly key: string;
      readonly name: string;
      readonly count: WorkloadCount;
      readonly desired: number;
    };

/** PDBs by namespace, so that a pod is compared only with those that can select it. */
export const budgetsByNamespace = (state: DrainState): ReadonlyMap<string, readonly BudgetFact[]> => {
  const table = new Map<string, BudgetFact[]>();
  for (const fact of state.world.budgets.values()) {
    const list = table.get(fact.namespace) ?? [];
    list.push(fact);
    table.set(fact.namespace, list);
  }
  return table;
};

export const pdbsOf = (pod: PodFact, facts: readonly BudgetFact[]): readonly BudgetFact[] =>
  facts.filter(fact => matchesLabels(fact.selector, pod.labels));

export const pdbKey = (fact: { readonly namespace: string; readonly name: string }): string =>
  `pdb:${fullName(fact)}`;

export const pdbBudget = (fact: BudgetFact): Budget => ({
  kind: "pdb",
  key: pdbKey(fact),
  name: `PDB ${fullName(fact)}`,
  fact,
});

export const ownBudget = (count: WorkloadCount, state: DrainState): Budget => {
  const [namespace = "", kind = "", name = ""] = count.workload.key.split("/");
  return {
    kind: "own",
    key: `own:${count.workload.key}`,
    name: `${kind} ${namespace}/${name} (no PDB)`,
    count,
    desired: desiredOf(count, state),
  };
};

/** How many pods may be down at once when all is well. */
export const limitOf = (budget: Budget): number =>
  budget.kind === "pdb"
    ? Math.max(1, budget.fact.expected - budget.fact.needed)
    : syntheticLimit(budget.count.workload.kind, budget.desired);

const isParked = (fact: BudgetFact, memory: BudgetMemory, now: number): boolean =>
  memory.parked?.resourceVersion === fact.resourceVersion && now < memory.parked.until;

/** An eviction that the status of its budget still does not show after this long never touched it. */
export const UNSEEN_EXPIRES_MS = 10_000;

const unseenOf = ({ unseen }: BudgetMemory, now: number): number =>
  unseen.filter(({ at }) => now - at < UNSEEN_EXPIRES_MS).length;

const pdbSlots = (fact: BudgetFact, memory: BudgetMemory, now: number): number =>
  !fact.observed || isParked(fact, memory, now) ? 0 : Math.max(0, fact.allowed - unseenOf(memory, now));

/** How many Ready pods may be evicted now. */
export const slotsOf = (budget: Budget, memory: BudgetMemory, now: number): number => {
  if (budget.kind === "pdb") return pdbSlots(budget.fact, memory, now);
  const missing = Math.max(0, budget.desired - budget.count.available);
  return Math.max(0, limitOf(budget) - missing);
};

/** True when the eviction of this pod takes nothing from the budget: it serves nobody now. */
export const isFree = (pod: PodFact, budget: Budget): boolean => {
  if (pod.ready) return false;
  if (budget.kind === "own" || pod.phase === "Pending") return true;
  const { fact } = budget;
  if (!fact.observed) return false;
  return fact.alwaysAllowUnhealthy || (fact.needed > 0 && fact.healthy >= fact.needed);
};

export const memoryOf = (state: DrainState, key: string): BudgetMemory => state.budgets.get(key) ?? NO_MEMORY;

export const needsAndHas = (budget: Budget): { readonly needs: number; readonly has: number } =>
  budget.kind === "pdb"
    ? { needs: budget.fact.needed, has: budget.fact.healthy }
    : { needs: Math.max(0, budget.desired - limitOf(budget)), has: budget.count.available };

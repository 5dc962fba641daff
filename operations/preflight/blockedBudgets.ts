import type { Problem } from "../../core/problem";
import { type BudgetView, type KubeClient, listBudgets } from "../../kube";

/** Budgets that allow nothing although all their pods are healthy: no waiting will open them. */
export const findBlockedBudgets = async (kube: KubeClient, signal: AbortSignal): Promise<Problem[]> => {
  const budgets = await listBudgets(kube, { signal });
  return budgets.filter(isBlockedBySpec).map(describeBlocked);
};

const isBlockedBySpec = (budget: BudgetView): boolean =>
  budget.observedGeneration === budget.generation &&
  budget.expectedPods > 0 &&
  budget.disruptionsAllowed === 0 &&
  budget.currentHealthy >= budget.expectedPods &&
  Object.keys(budget.disruptedPods).length === 0;

const describeBlocked = (budget: BudgetView): Problem => ({
  code: "Preflight.BudgetBlocksBySpec",
  path: `${budget.namespace}/${budget.name}`,
  message: `this PodDisruptionBudget allows 0 disruptions with all ${String(budget.expectedPods)} pods healthy: a migration would end Blocked`,
  fix: "add a replica or loosen the budget before the upgrade",
});

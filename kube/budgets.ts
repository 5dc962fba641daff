import { projectBudget, type BudgetView } from "./budgetView";
import type { KubeClient } from "./client";
import { listProjected } from "./list";
import { collectionPath, KINDS } from "./paths";

/** All PodDisruptionBudgets of the cluster. */
export const listBudgets = async (
  kube: KubeClient,
  { signal }: { readonly signal?: AbortSignal | undefined } = {},
): Promise<readonly BudgetView[]> => {
  const path = collectionPath(KINDS.budgets);
  return (await listProjected(kube, { path, project: projectBudget, signal })).items;
};

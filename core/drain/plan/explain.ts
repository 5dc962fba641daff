import {
  explainPod,
  type FilterOpinion,
  judgePod,
  type PodVerdict,
  type PodWarning,
  warningsOf,
} from "../filters";
import { compareText } from "../scope";
import { fullName } from "../world";
import type { BudgetVerdict } from "./budgetVerdicts";
import { planBudgets } from "./planBudgets";
import type { PlanFacts, PlanPod, PlanRequest } from "./planFacts";
import { contextOf } from "./planScope";

/** Why one pod would move or not. */
export interface PodExplanation {
  /** `namespace/name` */
  readonly pod: string;
  readonly node?: string;
  readonly verdict: PodVerdict;
  /** Every filter, in the order in which they are asked. */
  readonly opinions: readonly FilterOpinion[];
  readonly warnings: readonly PodWarning[];
  /** The budget that governs it; absent for pods that no budget is asked about. */
  readonly budget?: BudgetVerdict;
}

/** `POD` (of any namespace), `namespace/POD`, or the name of a node with all its pods. */
const isMeant = (pod: PlanPod, subject: string): boolean =>
  pod.node === subject || pod.name === subject || fullName(pod) === subject;

/** Sorted by pod; empty when nothing bears the name. */
export const explainSubject = (
  facts: PlanFacts,
  request: PlanRequest,
  subject: string,
): readonly PodExplanation[] => {
  const context = contextOf(facts, request);
  const meant = facts.pods.filter(pod => isMeant(pod, subject));
  const movable = meant.filter(pod => judgePod(pod, context).kind === "move");
  const groups = planBudgets(facts, movable).groups.flatMap(({ verdict, pods }) =>
    pods.map(pod => [pod, verdict] as const),
  );
  const budgets = new Map(groups);
  return meant
    .map(pod => {
      const budget = budgets.get(pod);
      return {
        pod: fullName(pod),
        verdict: judgePod(pod, context),
        opinions: explainPod(pod, context),
        warnings: warningsOf(pod, context),
        ...(pod.node === undefined ? {} : { node: pod.node }),
        ...(budget === undefined ? {} : { budget }),
      };
    })
    .sort((a, b) => compareText(a.pod, b.pod));
};

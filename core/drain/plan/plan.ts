import type { CapacityProof } from "../capacity";
import { budgetFindings } from "./budgetFindings";
import { type BudgetVerdict, HELD } from "./budgetVerdicts";
import { capacityFindings, loadBalancerFindings } from "./capacityFindings";
import { type Finding, sortFindings } from "./finding";
import { type BoundTerms, type PlanBound, planTimes } from "./planBound";
import { type PlanBudgets, planBudgets } from "./planBudgets";
import { planCapacity } from "./planCapacity";
import type { PlanFacts, PlanPod, PlanRequest } from "./planFacts";
import { planScope, type PlanScope } from "./planScope";
import { planWaves } from "./planWaves";
import { podFindings } from "./podFindings";
import { scopeFindings } from "./scopeFindings";

export type { BudgetCode } from "./budgetCode";
export type { BudgetVerdict } from "./budgetVerdicts";
export type { Finding } from "./finding";
export type { PlanBound } from "./planBound";

/** What a drain would meet, computed before anything moves. */
export interface DrainPlan {
  /** Nodes that would be emptied, sorted. */
  readonly nodes: readonly string[];
  readonly pods: PodCounts;
  readonly findings: readonly Finding[];
  readonly budgets: readonly BudgetVerdict[];
  readonly capacity: CapacityProof;
  readonly bound: PlanBound;
  /** What the bound was made of. */
  readonly terms: BoundTerms;
  /** Until the last successor is Ready, if nothing disturbs. */
  readonly predictedSeconds: number;
}

/** Of the pods on the nodes; each is counted once. */
export interface PodCounts {
  readonly total: number;
  readonly move: number;
  /** On their way out, or waited for until they have completed. */
  readonly wait: number;
  readonly ignored: number;
  /** By a verdict of their own, or by a budget that lets nobody go. */
  readonly blocked: number;
}

const movingOf = ({ judged }: PlanScope): readonly PlanPod[] =>
  judged.flatMap(({ pod, verdict }) => (verdict.kind === "move" ? [pod] : []));

const heldBy = ({ groups, strangers }: PlanBudgets): number =>
  groups
    .filter(({ verdict }) => HELD.has(verdict.code))
    .reduce((sum, { pods }) => sum + pods.length, strangers.length);

const countPods = ({ judged }: PlanScope, held: number): PodCounts => {
  const counts = { ignore: 0, wait: 0, waitCompleted: 0, block: 0, move: 0 };
  for (const { verdict } of judged) counts[verdict.kind] += 1;
  return {
    total: judged.length,
    move: counts.move - held,
    wait: counts.wait + counts.waitCompleted,
    ignored: counts.ignore,
    blocked: counts.block + held,
  };
};

/** Pure, and the same for the same facts. Nothing is promised: the cluster moves on while it is read. */
export const planDrain = (facts: PlanFacts, request: PlanRequest): DrainPlan => {
  const scope = planScope(facts, request);
  const moving = movingOf(scope);
  const budgets = planBudgets(facts, moving);
  const room = planCapacity(facts, request, { scope, moving });
  const waves = planWaves(facts, request, { scope, moving });
  const times = planTimes(facts, { groups: budgets.groups, judged: scope.judged, waves });
  const findings = [
    ...scopeFindings({ facts, request, scope }),
    ...podFindings(scope),
    ...budgetFindings(budgets),
    ...capacityFindings(room),
    ...loadBalancerFindings(facts.services, moving),
  ];
  return {
    nodes: scope.blue.map(({ name }) => name),
    pods: countPods(scope, heldBy(budgets)),
    findings: sortFindings(findings),
    budgets: budgets.groups.map(({ verdict }) => verdict),
    capacity: room.capacity,
    ...times,
  };
};

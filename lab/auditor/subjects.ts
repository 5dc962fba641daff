/** A subject is one thing that has a floor: a PodDisruptionBudget, or a workload that nobody wrote one for. */
import { budgetFloor, syntheticFloor } from "./floor";
import type { Budget, Pod, Workload } from "./objects";
import { selects } from "./selector";
import { workloadKey, workloadOf } from "./world";
import type { World } from "./world";

export interface Subject {
  readonly key: string;
  readonly title: string;
  readonly kind: "budget" | "synthetic";
  readonly namespace: string;
  readonly workloads: readonly string[];
  readonly floor: number;
  readonly holds: (pod: Pod) => boolean;
}

const isTop = (workload: Workload): boolean => workload.owner === undefined;

const workloadsIn = (world: World, namespace: string): readonly Workload[] =>
  [...world.workloads.values()].filter(one => one.namespace === namespace && isTop(one));

const budgetSubject = (budget: Budget, candidates: readonly Workload[]): Subject => {
  const covered = candidates.filter(one => selects(budget.selector, one.labels));
  const replicas = covered.reduce((sum, one) => sum + one.replicas, 0);
  return {
    key: `budget ${budget.namespace}/${budget.name}`,
    title:
      covered.length === 1 && covered[0] !== undefined
        ? `${covered[0].kind} ${covered[0].name}`
        : `PDB ${budget.name}`,
    kind: "budget",
    namespace: budget.namespace,
    workloads: covered.map(one => workloadKey(one.namespace, one)),
    floor: budgetFloor(budget, replicas),
    holds: pod => !pod.finished && selects(budget.selector, pod.labels),
  };
};

const syntheticSubject = (world: World, workload: Workload): Subject => {
  const key = workloadKey(workload.namespace, workload);
  return {
    key: `synthetic ${key}`,
    title: `${workload.kind} ${workload.name}`,
    kind: "synthetic",
    namespace: workload.namespace,
    workloads: [key],
    floor: syntheticFloor(workload.kind, workload.replicas),
    holds: pod => !pod.finished && workloadOf(world, pod) === key,
  };
};

/** Every floor of a namespace, as the specs stand now. */
export const subjectsOf = (world: World, namespace: string): readonly Subject[] => {
  const workloads = workloadsIn(world, namespace);
  const budgets = [...world.budgets.values()].filter(one => one.namespace === namespace);
  const bare = workloads.filter(one => !budgets.some(budget => selects(budget.selector, one.labels)));
  return [
    ...budgets.map(budget => budgetSubject(budget, workloads)),
    ...bare.map(workload => syntheticSubject(world, workload)),
  ];
};

export const counts = (subject: Subject, pod: Pod | undefined): boolean =>
  pod?.ready === true && subject.holds(pod);

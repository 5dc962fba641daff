import type { BudgetFact, PodFact, WorkloadFact } from "../facts";
import { matchesLabels } from "../labels";
import { membersOf } from "../versioned";
import { workloadOf } from "../workloads";
import { workloadCalled, type World } from "../world";

const present = <T>(item: T | undefined): item is T => item !== undefined;

/** The workload that wants this pod, at the top of its owners, when it is one that is watched. */
export const ownerOf = (pod: PodFact, world: World): WorkloadFact | undefined => {
  const key = workloadOf(pod, world)?.key;
  return key === undefined ? undefined : workloadCalled(key, world);
};

/** All pods that a workload owns, by its own hand or by that of its ReplicaSets. */
export const podsOfWorkload = (workload: WorkloadFact, world: World): readonly PodFact[] =>
  [workload.uid, ...membersOf(world.workloadsByOwner, workload.uid)]
    .flatMap(uid => [...membersOf(world.podsByOwner, uid)])
    .map(uid => world.pods.get(uid))
    .filter(present);

/** All pods that a PDB selects; none when its selector can't be read. */
export const podsOfBudget = (fact: BudgetFact, world: World): readonly PodFact[] =>
  [...membersOf(world.podsByNamespace, fact.namespace)]
    .map(uid => world.pods.get(uid))
    .filter(present)
    .filter(pod => matchesLabels(fact.selector, pod.labels));

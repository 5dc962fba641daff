/** What the cluster holds right now, as far as the watch has told. Pure bookkeeping: no judgement here. */
import { toBudget, toNode, toPod, toWorkload } from "./objects";
import type { Budget, Node, Owner, Pod, RawObject, Resource, Workload } from "./objects";

/** One word from the watch. `initial` is true for what was there before the audit began. */
export interface Seen {
  readonly at: number;
  readonly resource: Resource;
  readonly change: "set" | "gone";
  readonly raw: RawObject;
  readonly initial: boolean;
}

export interface World {
  readonly pods: Map<string, Pod>;
  readonly nodes: Map<string, Node>;
  readonly workloads: Map<string, Workload>;
  readonly budgets: Map<string, Budget>;
}

export const emptyWorld = (): World => ({
  pods: new Map(),
  nodes: new Map(),
  workloads: new Map(),
  budgets: new Map(),
});

const put = <T>(map: Map<string, T>, key: string, value: T | undefined): void => {
  if (value === undefined) map.delete(key);
  else map.set(key, value);
};

export const workloadKey = (namespace: string, owner: Owner): string =>
  `${namespace}/${owner.kind}/${owner.name}`;

export const podName = (pod: Pod): string => `${pod.namespace}/${pod.name}`;

/** A ReplicaSet that a Deployment owns is that Deployment's detail; a pod without an owner stands for itself. */
export const workloadOf = (world: World, pod: Pod): string => {
  if (pod.owner === undefined) return workloadKey(pod.namespace, { kind: "Pod", name: pod.name });
  const direct = workloadKey(pod.namespace, pod.owner);
  const above = world.workloads.get(direct)?.owner;
  return above === undefined ? direct : workloadKey(pod.namespace, above);
};

const KINDS: Partial<Record<Resource, Workload["kind"]>> = {
  deployments: "Deployment",
  replicasets: "ReplicaSet",
  statefulsets: "StatefulSet",
};

/** @returns false where the word changed nothing that a floor depends on (most words about workloads are status). */
const replace = <T>(map: Map<string, T>, key: string, value: T | undefined): boolean => {
  const before = map.get(key);
  put(map, key, value);
  return JSON.stringify(before) !== JSON.stringify(value);
};

export const setWorkload = (world: World, seen: Seen): boolean => {
  const kind = KINDS[seen.resource];
  if (kind === undefined) return false;
  const workload = toWorkload(kind, seen.raw);
  const key = workloadKey(workload.namespace, workload);
  return replace(world.workloads, key, seen.change === "gone" ? undefined : workload);
};

export const setBudget = (world: World, seen: Seen): boolean => {
  const budget = toBudget(seen.raw);
  const key = `${budget.namespace}/${budget.name}`;
  return replace(world.budgets, key, seen.change === "gone" ? undefined : budget);
};

/** `last` is the object as the API told it last, also when it is gone: why a pod left stands there. */
export interface Change<T> {
  readonly last: T;
  readonly before?: T;
  readonly after?: T;
}

const change = <T>(
  map: Map<string, T>,
  key: string,
  word: { readonly last: T; readonly gone: boolean },
): Change<T> => {
  const before = map.get(key);
  const after = word.gone ? undefined : word.last;
  put(map, key, after);
  return { last: word.last, ...(before && { before }), ...(after && { after }) };
};

export const setNode = (world: World, seen: Seen): Change<Node> => {
  const last = toNode(seen.raw);
  return change(world.nodes, last.name, { last, gone: seen.change === "gone" });
};

export const setPod = (world: World, seen: Seen): Change<Pod> => {
  const last = toPod(seen.raw);
  return change(world.pods, last.uid, { last, gone: seen.change === "gone" });
};

import { assertNever } from "../result";
import type { BudgetFact, Change, ChangedObject, NodeFact, PodFact, WorkloadFact } from "./facts";

/** The cluster as last heard of, by uid. The only source of the work to do: nothing is queued beside it. */
export interface World {
  readonly pods: ReadonlyMap<string, PodFact>;
  /** Which uid bears a pod's full name now: a predecessor of the same name is never acted on. */
  readonly podNames: ReadonlyMap<string, string>;
  readonly budgets: ReadonlyMap<string, BudgetFact>;
  readonly workloads: ReadonlyMap<string, WorkloadFact>;
  readonly nodes: ReadonlyMap<string, NodeFact>;
}

export const EMPTY_WORLD: World = {
  pods: new Map(),
  podNames: new Map(),
  budgets: new Map(),
  workloads: new Map(),
  nodes: new Map(),
};

interface Draft {
  readonly pods: Map<string, PodFact>;
  readonly podNames: Map<string, string>;
  readonly budgets: Map<string, BudgetFact>;
  readonly workloads: Map<string, WorkloadFact>;
  readonly nodes: Map<string, NodeFact>;
}

const setPod = (draft: Draft, pod: PodFact): void => {
  const name = fullName(pod);
  const bearer = draft.podNames.get(name);
  const known = bearer === undefined ? undefined : draft.pods.get(bearer);
  if (known !== undefined && known.uid !== pod.uid) {
    if (known.createdAt > pod.createdAt) return;
    draft.pods.delete(known.uid);
  }
  draft.pods.set(pod.uid, pod);
  draft.podNames.set(name, pod.uid);
};

const removePod = (draft: Draft, uid: string): void => {
  const pod = draft.pods.get(uid);
  if (pod === undefined) return;
  draft.pods.delete(uid);
  if (draft.podNames.get(fullName(pod)) === uid) draft.podNames.delete(fullName(pod));
};

const set = (draft: Draft, object: ChangedObject): void => {
  switch (object.kind) {
    case "pod":
      setPod(draft, object.fact);
      return;
    case "budget":
      draft.budgets.set(object.fact.uid, object.fact);
      return;
    case "workload":
      draft.workloads.set(object.fact.uid, object.fact);
      return;
    case "node":
      draft.nodes.set(object.fact.uid, object.fact);
      return;
    default:
      assertNever(object);
  }
};

const remove = (draft: Draft, kind: ChangedObject["kind"], uid: string): void => {
  if (kind === "pod") removePod(draft, uid);
  else draft[TABLE_OF[kind]].delete(uid);
};

const TABLE_OF = { budget: "budgets", workload: "workloads", node: "nodes" } as const;

const copyTouched = (world: World, kinds: ReadonlySet<ChangedObject["kind"]>): Draft => {
  const copy = <T>(kind: ChangedObject["kind"], table: ReadonlyMap<string, T>): Map<string, T> =>
    kinds.has(kind) ? new Map(table) : (table as Map<string, T>);
  return {
    pods: copy("pod", world.pods),
    podNames: copy("pod", world.podNames),
    budgets: copy("budget", world.budgets),
    workloads: copy("workload", world.workloads),
    nodes: copy("node", world.nodes),
  };
};

/** Copies only the tables that a change touches: a batch costs one copy, however many changes it holds. */
export const applyChanges = (world: World, changes: readonly Change[]): World => {
  if (changes.length === 0) return world;
  const kinds = new Set(changes.map(change => (change.type === "set" ? change.object.kind : change.kind)));
  const draft = copyTouched(world, kinds);
  for (const change of changes) {
    if (change.type === "set") set(draft, change.object);
    else remove(draft, change.kind, change.uid);
  }
  return draft;
};

export const fullName = (object: { readonly namespace: string; readonly name: string }): string =>
  `${object.namespace}/${object.name}`;

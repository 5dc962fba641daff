import { assertNever } from "../result";
import type { BudgetFact, Change, ChangedObject, NodeFact, PodFact, WorkloadFact } from "./facts";

/** The cluster as last heard of, by uid. The only source of the work to do: nothing is queued beside it. */
export interface World {
  readonly pods: ReadonlyMap<string, PodFact>;
  readonly budgets: ReadonlyMap<string, BudgetFact>;
  readonly workloads: ReadonlyMap<string, WorkloadFact>;
  readonly nodes: ReadonlyMap<string, NodeFact>;
}

export const EMPTY_WORLD: World = {
  pods: new Map(),
  budgets: new Map(),
  workloads: new Map(),
  nodes: new Map(),
};

interface Draft {
  readonly pods: Map<string, PodFact>;
  readonly budgets: Map<string, BudgetFact>;
  readonly workloads: Map<string, WorkloadFact>;
  readonly nodes: Map<string, NodeFact>;
}

const set = (draft: Draft, object: ChangedObject): void => {
  switch (object.kind) {
    case "pod":
      draft.pods.set(object.fact.uid, object.fact);
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

const TABLE_OF = { pod: "pods", budget: "budgets", workload: "workloads", node: "nodes" } as const;

/** Copies only the tables that a change touches: a batch costs one copy, however many changes it holds. */
export const applyChanges = (world: World, changes: readonly Change[]): World => {
  if (changes.length === 0) return world;
  const kinds = new Set(changes.map(change => (change.type === "set" ? change.object.kind : change.kind)));
  const draft = {
    pods: kinds.has("pod") ? new Map(world.pods) : world.pods,
    budgets: kinds.has("budget") ? new Map(world.budgets) : world.budgets,
    workloads: kinds.has("workload") ? new Map(world.workloads) : world.workloads,
    nodes: kinds.has("node") ? new Map(world.nodes) : world.nodes,
  } as Draft;
  for (const change of changes) {
    if (change.type === "set") set(draft, change.object);
    else draft[TABLE_OF[change.kind]].delete(change.uid);
  }
  return draft;
};

export const fullName = (object: { readonly namespace: string; readonly name: string }): string =>
  `${object.namespace}/${object.name}`;

import type { DrainAction, DrainEvent } from "../../../core/drain/events";
import type { BudgetFact, Change, NodeFact, PodFact, WorkloadFact } from "../../../core/drain/facts";
import { next } from "../../../core/drain/next";
import { createState, type DrainSpec, type DrainState } from "../../../core/drain/state";
import { SPEC } from "./run";

export const START = 1_000_000;

export const node = (name: string, more: Partial<NodeFact> = {}): NodeFact => ({
  uid: name,
  name,
  labels: { pool: "blue" },
  ready: true,
  cordoned: true,
  taints: [],
  fenced: true,
  ...more,
});

/** A Ready pod of the Deployment "web" on blue-0. */
export const pod = (name: string, more: Partial<PodFact> = {}): PodFact => ({
  uid: `uid-${name}`,
  namespace: "shop",
  name,
  node: "blue-0",
  labels: { app: "web" },
  annotations: {},
  phase: "Running",
  ready: true,
  createdAt: 0,
  graceSeconds: 30,
  mirror: false,
  owner: { apiVersion: "apps/v1", kind: "ReplicaSet", name: "web", uid: "rs-web" },
  tolerations: [],
  localStorage: false,
  ...more,
});

export const budget = (more: Partial<BudgetFact> = {}): BudgetFact => ({
  uid: "pdb-web",
  namespace: "shop",
  name: "web",
  resourceVersion: "1",
  selector: { matchLabels: { app: "web" } },
  alwaysAllowUnhealthy: false,
  observed: true,
  allowed: 1,
  expected: 3,
  healthy: 3,
  needed: 2,
  disruptedPods: [],
  ...more,
});

export const workload = (desired: number, more: Partial<WorkloadFact> = {}): WorkloadFact => ({
  uid: "rs-web",
  namespace: "shop",
  kind: "ReplicaSet",
  name: "web",
  desired,
  ...more,
});

export const set = {
  pod: (fact: PodFact): Change => ({ type: "set", object: { kind: "pod", fact } }),
  budget: (fact: BudgetFact): Change => ({ type: "set", object: { kind: "budget", fact } }),
  workload: (fact: WorkloadFact): Change => ({ type: "set", object: { kind: "workload", fact } }),
  node: (fact: NodeFact): Change => ({ type: "set", object: { kind: "node", fact } }),
};

export const gone = (fact: PodFact): Change => ({ type: "gone", kind: "pod", uid: fact.uid });

/** An engine to talk to by hand. Time moves only by `after`. */
export interface Talk {
  readonly see: (...changes: readonly Change[]) => readonly DrainAction[];
  readonly send: (event: (now: number) => DrainEvent) => readonly DrainAction[];
  readonly after: (seconds: number) => readonly DrainAction[];
  readonly state: () => DrainState;
}

export const talk = (
  changes: readonly Change[],
  spec: Partial<DrainSpec> = {},
): Talk & { readonly first: readonly DrainAction[] } => {
  let now = START;
  let state = createState({ ...SPEC, ...spec }, now);
  const send = (event: (at: number) => DrainEvent): readonly DrainAction[] => {
    const [following, actions] = next(state, event(now));
    state = following;
    return actions;
  };
  const see = (...seen: readonly Change[]): readonly DrainAction[] =>
    send(at => ({ kind: "observed", now: at, changes: seen }));
  see(...changes);
  const first = send(at => ({ kind: "synced", now: at }));
  const after = (seconds: number): readonly DrainAction[] => {
    now += seconds * 1000;
    return send(at => ({ kind: "tick", now: at }));
  };
  return { first, see, send, after, state: () => state };
};

/** Names of the pods that are to be evicted. */
export const evictions = (actions: readonly DrainAction[]): readonly string[] =>
  actions.flatMap(action => (action.kind === "evict" ? [action.name] : []));

export const outcomeOf = (actions: readonly DrainAction[]): unknown =>
  actions.flatMap(action => (action.kind === "finish" ? [action.outcome] : []))[0];

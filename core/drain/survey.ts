import {
  type Budget,
  budgetsByNamespace,
  isFree,
  limitOf,
  memoryOf,
  ownBudget,
  pdbBudget,
  pdbsOf,
  slotsOf,
} from "./budgets";
import type { BudgetFact, NodeFact, PodFact } from "./facts";
import { type FilterContext, judgePod, type PodVerdict } from "./filters";
import { compareText, isSelected } from "./scope";
import type { DrainState } from "./state";
import { desiredOf, indexWorkloads, isGoing, type WorkloadIndex } from "./workloads";

/** The pods that wait for one budget, best candidate first. */
export interface Lane {
  readonly budget: Budget;
  readonly slots: number;
  /** How many may be down at once when all is well. */
  readonly limit: number;
  readonly queue: readonly PodFact[];
  /** Of the queue: pods that may be tried now. */
  readonly ready: readonly PodFact[];
  readonly inFlight: boolean;
}

export interface BlockedPod {
  readonly pod: PodFact;
  readonly code: string;
  readonly message: string;
}

/** Everything the decisions need, derived anew from the state each time. */
export interface Survey {
  readonly blue: readonly NodeFact[];
  readonly lanes: readonly Lane[];
  readonly blocked: readonly BlockedPod[];
  /** Pods on blue that are on their way out. */
  readonly going: readonly PodFact[];
  /** Drainable or blocked pods by node; nodes without any are absent. */
  readonly load: ReadonlyMap<string, number>;
  readonly workloads: WorkloadIndex;
}

interface Draft {
  readonly state: DrainState;
  readonly workloads: WorkloadIndex;
  readonly budgets: ReadonlyMap<string, readonly BudgetFact[]>;
  readonly context: FilterContext;
  readonly queues: Map<string, { readonly budget: Budget; readonly pods: PodFact[] }>;
  readonly blocked: BlockedPod[];
  readonly going: PodFact[];
  readonly load: Map<string, number>;
}

export const blueNodes = (state: DrainState): readonly NodeFact[] =>
  [...state.world.nodes.values()].filter(
    node => isSelected(node, state.spec.nodes) && (state.chosen?.has(node.name) ?? true),
  );

const enqueue = (draft: Draft, budget: Budget, pod: PodFact): void => {
  const entry = draft.queues.get(budget.key) ?? { budget, pods: [] };
  draft.queues.set(budget.key, entry);
  entry.pods.push(pod);
};

const blockBy = (draft: Draft, pod: PodFact, reason: { code: string; message: string }): void => {
  draft.blocked.push({ pod, ...reason });
};

const manyBudgets = (pdbs: readonly BudgetFact[]): { code: string; message: string } => {
  const names = pdbs.map(pdb => pdb.name).sort(compareText);
  return {
    code: "MULTIPLE_PDBS",
    message: `the API server evicts no pod with several PDBs (${names.join(", ")})`,
  };
};

const returnsTooOften = (draft: Draft, pod: PodFact, key: string): boolean => {
  const { state } = draft;
  const count = draft.workloads.counts.get(key);
  if (pod.createdAt <= state.startedAt || count === undefined) return false;
  return (state.returns.get(key) ?? 0) >= Math.max(1, desiredOf(count, state));
};

const placeWithoutPdb = (draft: Draft, pod: PodFact): void => {
  const workload = draft.workloads.of(pod);
  const count = workload === undefined ? undefined : draft.workloads.counts.get(workload.key);
  if (count === undefined) {
    blockBy(draft, pod, { code: "OWNER_UNKNOWN", message: "its owner is not known (yet)" });
    return;
  }
  enqueue(draft, ownBudget(count, draft.state), pod);
};

const refusal = (state: DrainState, pod: PodFact): { code: string; message: string } | undefined => {
  const attempt = state.attempts.get(pod.uid);
  return attempt?.phase === "refused" && state.now < attempt.until ? attempt : undefined;
};

const place = (draft: Draft, pod: PodFact): void => {
  const refused = refusal(draft.state, pod);
  if (refused !== undefined) {
    blockBy(draft, pod, { code: refused.code, message: refused.message });
    return;
  }
  const workload = draft.workloads.of(pod);
  if (workload !== undefined && returnsTooOften(draft, pod, workload.key)) {
    blockBy(draft, pod, {
      code: "RETURNS_TO_BLUE",
      message: "its workload keeps coming back to nodes that are being emptied",
    });
    return;
  }
  const pdbs = pdbsOf(pod, draft.budgets.get(pod.namespace) ?? []);
  const [only] = pdbs;
  if (only === undefined) placeWithoutPdb(draft, pod);
  else if (pdbs.length > 1) blockBy(draft, pod, manyBudgets(pdbs));
  else enqueue(draft, pdbBudget(only), pod);
};

const ACT: Readonly<Record<PodVerdict["kind"], (draft: Draft, pod: PodFact, verdict: PodVerdict) => void>> = {
  ignore: () => undefined,
  wait: (draft, pod) => draft.going.push(pod),
  block: (draft, pod, verdict) => {
    if (verdict.kind === "block") blockBy(draft, pod, verdict);
  },
  move: place,
};

const surveyPod = (draft: Draft, pod: PodFact): void => {
  const verdict = judgePod(pod, draft.context);
  ACT[verdict.kind](draft, pod, verdict);
  if (verdict.kind === "ignore" || pod.node === undefined) return;
  draft.load.set(pod.node, (draft.load.get(pod.node) ?? 0) + 1);
};

/** Not-Ready pods first (they serve nobody), then the node nearest to being empty, then by name. */
const byPreference =
  (load: ReadonlyMap<string, number>) =>
  (a: PodFact, b: PodFact): number =>
    Number(a.ready) - Number(b.ready) ||
    (load.get(a.node ?? "") ?? 0) - (load.get(b.node ?? "") ?? 0) ||
    compareText(`${a.namespace}/${a.name}`, `${b.namespace}/${b.name}`);

const isSent = (state: DrainState, pod: PodFact): boolean => {
  const attempt = state.attempts.get(pod.uid);
  return attempt?.phase === "posted" || attempt?.phase === "accepted";
};

const mayBeTried = (state: DrainState, pod: PodFact): boolean => {
  const attempt = state.attempts.get(pod.uid);
  return attempt === undefined || ("until" in attempt && state.now >= attempt.until);
};

/** A pod whose last call may have succeeded holds its slot already: asking again takes no other. */
const hasRoom = (state: DrainState, pod: PodFact, lane: Pick<Lane, "budget" | "slots">): boolean =>
  lane.slots > 0 || isFree(pod, lane.budget) || isGoing(state.attempts.get(pod.uid));

const laneOf = (state: DrainState, budget: Budget, pods: readonly PodFact[]): Lane => {
  const memory = memoryOf(state, budget.key);
  const slots = slotsOf(budget, memory, state.now);
  const queue = pods.filter(pod => !isSent(state, pod));
  return {
    budget,
    slots,
    limit: limitOf(budget),
    queue,
    ready: queue.filter(pod => mayBeTried(state, pod) && hasRoom(state, pod, { budget, slots })),
    inFlight: memory.inFlight !== undefined,
  };
};

const isOnBlue = (pod: PodFact, names: ReadonlySet<string>): boolean =>
  pod.node !== undefined && names.has(pod.node);

export const surveyDrain = (state: DrainState): Survey => {
  const blue = blueNodes(state);
  const names = new Set(blue.map(node => node.name));
  const { now, spec } = state;
  const draft: Draft = {
    state,
    workloads: indexWorkloads(state),
    budgets: budgetsByNamespace(state),
    context: { now, rules: spec.rules, cordon: spec.cordon },
    queues: new Map(),
    blocked: [],
    going: [],
    load: new Map(),
  };
  const onBlue = [...state.world.pods.values()].filter(pod => isOnBlue(pod, names));
  for (const pod of onBlue) surveyPod(draft, pod);
  const sent = onBlue.filter(pod => pod.deletingSince === undefined && isSent(state, pod));
  const lanes = [...draft.queues.values()]
    .map(({ budget, pods }) => laneOf(state, budget, [...pods].sort(byPreference(draft.load))))
    .filter(lane => lane.queue.length > 0);
  const { blocked, load, workloads } = draft;
  return { blue, lanes, blocked, going: [...draft.going, ...sent], load, workloads };
};

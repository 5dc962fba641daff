import { budgetOf, isFree, limitOf, memoryOf, ownSlots, slotMoments, slotsOf } from "./budgets";
import type { BudgetFact, PodFact } from "./facts";
import type { Draft } from "./sketch";
import type { Attempt, BudgetMemory } from "./attempts";
import type { DrainState } from "./state";
import type { Budget, Lane } from "./surveyed";
import { membersOf } from "./versioned";
import { roomOf } from "./width";
import { isGoing } from "./workloads";

/** A budget that has not been timed yet takes about this long to give a slot back. */
const UNKNOWN_CYCLE_MS = 10_000;

const mayBeTried = (attempt: Attempt | undefined, now: number): boolean =>
  attempt === undefined || ("until" in attempt && now >= attempt.until);

/**
 * A pod whose last call may have succeeded holds its slot already: asking again takes no other. A PDB is guarded by the
 * server; a budget of our own may have lost more pods meanwhile than it can bear.
 */
const holdsSlot = (attempt: Attempt | undefined, budget: Budget): boolean =>
  isGoing(attempt) && (budget.kind === "pdb" || ownSlots(budget) >= 0);

const factOf = (budget: Budget): BudgetFact | undefined => (budget.kind === "pdb" ? budget.fact : undefined);

/** What evicting this pod costs its budget: nothing, a slot, or a slot that it has already. */
export const costOf = (state: DrainState, pod: PodFact, budget: Budget): "nothing" | "slot" | "held" => {
  if (isFree(pod, factOf(budget))) return "nothing";
  return holdsSlot(state.attempts.get(pod.uid), budget) ? "held" : "slot";
};

const buildLane = (state: DrainState, budget: Budget, queue: readonly PodFact[]): Lane => {
  const memory = memoryOf(state, budget.key);
  const slots = slotsOf(state, budget, memory);
  const limit = limitOf(budget);
  return {
    budget,
    slots,
    limit,
    queue,
    ready: queue.filter(
      pod =>
        mayBeTried(state.attempts.get(pod.uid), state.now) &&
        (slots > 0 || costOf(state, pod, budget) !== "slot"),
    ),
    inFlight: memory.inFlight.length,
    room: roomOf(budget.kind, memory, slots),
    chainMs: Math.ceil(queue.length / limit) * (memory.cycleMs ?? UNKNOWN_CYCLE_MS),
  };
};

const dueOf = (state: DrainState, memory: BudgetMemory, queue: readonly PodFact[]): number => {
  const moments = [...slotMoments(memory)];
  for (const { uid } of queue) {
    const attempt = state.attempts.get(uid);
    if (attempt !== undefined && "until" in attempt) moments.push(attempt.until);
  }
  return moments.reduce((first, at) => (at > state.now && at < first ? at : first), Infinity);
};

const drop = (draft: Draft, key: string): void => {
  draft.lanes = draft.lanes.without(key);
  draft.laneDue = draft.laneDue.without(key);
};

const queueOf = (draft: Draft, key: string): readonly PodFact[] => {
  const queue: PodFact[] = [];
  for (const uid of membersOf(draft.members, key)) {
    const pod = draft.places.get(uid)?.pod;
    if (pod !== undefined) queue.push(pod);
  }
  return queue;
};

/** Looks at one budget and the pods that wait for it. */
export const relane = (draft: Draft, key: string): void => {
  const { state } = draft;
  const queue = queueOf(draft, key);
  const budget = queue.length === 0 ? undefined : budgetOf(state, key, draft.counts);
  draft.queued -= draft.lanes.get(key)?.queue.length ?? 0;
  if (budget === undefined) {
    drop(draft, key);
    return;
  }
  draft.queued += queue.length;
  draft.lanes = draft.lanes.with(key, buildLane(state, budget, queue));
  const due = dueOf(state, memoryOf(state, key), queue);
  draft.laneDue = due === Infinity ? draft.laneDue.without(key) : draft.laneDue.with(key, due);
};

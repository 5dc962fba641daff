import { memoryOf, pdbKey } from "./budgets";
import type { BudgetFact, Change } from "./facts";
import type { Attempt, BudgetMemory } from "./attempts";
import type { DrainState } from "./state";
import { isGoing } from "./workloads";
import { applyChanges } from "./world";

/** An accepted eviction that the cache does not show after this long is taken as lost. */
export const LOST_AFTER_MS = 60_000;

const oneMore = (state: DrainState, uid: string): Pick<DrainState, "moved" | "movedFrom"> => {
  const node = state.looked?.survey.places.get(uid)?.node;
  const { moved, movedFrom } = state;
  return {
    moved: moved + 1,
    movedFrom: node === undefined ? movedFrom : movedFrom.with(node, (movedFrom.get(node) ?? 0) + 1),
  };
};

/** A pod is gone. It counts as moved if an eviction of ours was under way; it is forgotten either way. */
export const countGone = (state: DrainState, uid: string): DrainState => {
  const attempt = state.attempts.get(uid);
  if (attempt === undefined) return state;
  // The answer is still to come and must find what it belongs to.
  if (attempt.phase === "posted") return state;
  return {
    ...state,
    ...(isGoing(attempt) ? oneMore(state, uid) : {}),
    progressAt: state.now,
    attempts: state.attempts.without(uid),
  };
};

const isEnding = ({ world }: DrainState, uid: string): boolean => {
  const pod = world.pods.get(uid);
  return pod === undefined || pod.deletingSince !== undefined;
};

const stillUnseen = (state: DrainState, memory: BudgetMemory, fact: BudgetFact): BudgetMemory => ({
  ...memory,
  unseen: memory.unseen
    .filter(({ pod }) => !fact.disruptedPods.includes(pod))
    .map(mark => (isEnding(state, mark.uid) ? { ...mark, toldSinceEnding: true } : mark)),
});

/** The words of a budget are read one by one: a status that showed our eviction may be overwritten by the next. */
const readBudget = (state: DrainState, fact: BudgetFact): DrainState => {
  const key = pdbKey(fact);
  const memory = memoryOf(state, key);
  if (memory.unseen.length === 0) return state;
  return { ...state, budgets: state.budgets.with(key, stillUnseen(state, memory, fact)) };
};

const readChange = (state: DrainState, change: Change): DrainState => {
  if (change.type === "gone") return change.kind === "pod" ? countGone(state, change.uid) : state;
  if (change.type === "listed") return state;
  return change.object.kind === "budget" ? readBudget(state, change.object.fact) : state;
};

export const recordChanges = (state: DrainState, changes: readonly Change[]): DrainState =>
  changes.reduce(readChange, { ...state, world: applyChanges(state.world, changes) });

const isLost = (state: DrainState, uid: string, attempt: Attempt): boolean =>
  attempt.phase === "accepted" &&
  state.now - attempt.at > LOST_AFTER_MS &&
  state.world.pods.get(uid)?.deletingSince === undefined;

/** What was accepted but never happened is work again. */
export const forgetLost = (state: DrainState): DrainState => {
  const lost = [...state.attempts].filter(([uid, attempt]) => isLost(state, uid, attempt));
  if (lost.length === 0) return state;
  return { ...state, attempts: lost.reduce((left, [uid]) => left.without(uid), state.attempts) };
};

import { assertNever } from "../result";
import type { Answer } from "./answers";
import { memoryOf, pdbKey, UNSEEN_EXPIRES_MS } from "./budgets";
import type { EvictAction } from "./events";
import type { BudgetFact, PodFact } from "./facts";
import {
  type Attempt,
  type BudgetMemory,
  type DrainState,
  type InFlight,
  withEntry,
  withoutEntry,
} from "./state";
import { workloadOf } from "./workloads";
import { countGone } from "./observe";

/** Without a word from the watch, a refused budget is looked at again after this long. */
const PARKED_MS = 5_000;
const RETRY_CEILING_MS = 30_000;
const REFUSED_MS = 30_000;
const pdbFact = (state: DrainState, key: string): BudgetFact | undefined =>
  key.startsWith("pdb:") ? [...state.world.budgets.values()].find(fact => pdbKey(fact) === key) : undefined;

const remember = (state: DrainState, key: string, memory: BudgetMemory): DrainState => ({
  ...state,
  budgets: withEntry(state.budgets, key, memory),
});

const setAttempt = (state: DrainState, uid: string, attempt: Attempt | undefined): DrainState => ({
  ...state,
  attempts:
    attempt === undefined ? withoutEntry(state.attempts, uid) : withEntry(state.attempts, uid, attempt),
});

const triesOf = (attempt: Attempt | undefined): number => (attempt?.phase === "later" ? attempt.tries : 0);

/** What the budget's status will have to show if the server lets this eviction take a slot. */
const slotTaken = (
  state: DrainState,
  action: EvictAction,
  resourceVersion: string,
): BudgetMemory["unseen"] => {
  const ready = state.world.pods.get(action.uid)?.ready ?? true;
  if (resourceVersion === "" || !ready) return [];
  return [{ pod: action.name, at: state.now }];
};

const freshMarks = (state: DrainState, { unseen }: BudgetMemory, pod: string): BudgetMemory["unseen"] =>
  unseen.filter(mark => mark.pod !== pod && state.now - mark.at < UNSEEN_EXPIRES_MS);

/** The eviction is about to be sent: the pod counts as going, the budget as busy. */
export const recordPost = (state: DrainState, action: EvictAction, limit: number): DrainState => {
  const memory = memoryOf(state, action.budget);
  const resourceVersion = pdbFact(state, action.budget)?.resourceVersion ?? "";
  const tries = triesOf(state.attempts.get(action.uid));
  const next = remember(state, action.budget, {
    ...memory,
    inFlight: { uid: action.uid, pod: action.name, resourceVersion, limit },
    unseen: [...freshMarks(state, memory, action.name), ...slotTaken(state, action, resourceVersion)],
  });
  return setAttempt(next, action.uid, { phase: "posted", at: state.now, budget: action.budget, tries });
};

/** The n-th eviction after this one reuses its slot: the time between is one cycle of the budget. */
const measureCycle = (memory: BudgetMemory, now: number, limit: number): BudgetMemory => {
  const accepted = [...memory.accepted, now];
  if (accepted.length <= limit) return { ...memory, accepted };
  const sample = now - (accepted[0] ?? now);
  const cycleMs = memory.cycleMs === undefined ? sample : memory.cycleMs * 0.7 + sample * 0.3;
  return { ...memory, accepted: accepted.slice(1), cycleMs };
};

const countReturn = (state: DrainState, pod: PodFact | undefined): DrainState => {
  if (pod === undefined || pod.createdAt <= state.startedAt) return state;
  const key = workloadOf(pod, state.world)?.key;
  if (key === undefined) return state;
  return { ...state, returns: withEntry(state.returns, key, (state.returns.get(key) ?? 0) + 1) };
};

const breathe = (state: DrainState): DrainState => {
  const { limit, clean, holdUntil } = state.pressure;
  const grown = clean + 1 >= 10;
  const ceiling = state.spec.concurrency.ceiling;
  return {
    ...state,
    pressure: {
      limit: grown ? Math.min(ceiling, limit + 1) : limit,
      clean: grown ? 0 : clean + 1,
      holdUntil,
    },
  };
};

const slowDown = (state: DrainState, afterMs: number): DrainState => ({
  ...state,
  pressure: {
    limit: Math.max(1, Math.floor(state.pressure.limit / 2)),
    clean: 0,
    holdUntil: Math.max(state.pressure.holdUntil, state.now + afterMs),
  },
});

interface Reply extends InFlight {
  readonly budget: string;
  readonly tries: number;
}

const unsee = (state: DrainState, reply: Reply): DrainState => {
  const memory = memoryOf(state, reply.budget);
  return remember(state, reply.budget, {
    ...memory,
    unseen: memory.unseen.filter(({ pod }) => pod !== reply.pod),
  });
};

const retryLater = (
  state: DrainState,
  reply: Reply,
  wait: { afterMs: number; reason: string; uncertain: boolean },
): DrainState => {
  const delay = Math.min(RETRY_CEILING_MS, wait.afterMs * 2 ** Math.min(reply.tries, 5));
  return setAttempt(state, reply.uid, {
    phase: "later",
    until: state.now + Math.max(delay, Math.min(wait.afterMs, RETRY_CEILING_MS)),
    budget: reply.budget,
    tries: reply.tries + 1,
    reason: wait.reason,
    uncertain: wait.uncertain,
  });
};

const accepted = (state: DrainState, reply: Reply): DrainState => {
  const counted = countReturn(breathe(state), state.world.pods.get(reply.uid));
  const memory = measureCycle(memoryOf(counted, reply.budget), state.now, reply.limit);
  const next = remember({ ...counted, progressAt: state.now }, reply.budget, memory);
  return setAttempt(next, reply.uid, { phase: "accepted", at: state.now, budget: reply.budget });
};

/** The budget said no: nothing more of it until its next word. A pod that needs no slot waits a moment of its own. */
const park = (state: DrainState, reply: Reply, ms: number): DrainState => {
  const memory = memoryOf(state, reply.budget);
  const parked = { resourceVersion: reply.resourceVersion, until: state.now + ms };
  const next = unsee(remember(breathe(state), reply.budget, { ...memory, parked }), reply);
  const skipsQueue = reply.resourceVersion === "" || state.world.pods.get(reply.uid)?.ready === false;
  if (!skipsQueue) return setAttempt(next, reply.uid, undefined);
  return retryLater(next, reply, { afterMs: 1_000, reason: "its budget had no room", uncertain: false });
};

const refuse = (state: DrainState, reply: Reply, reason: { code: string; message: string }): DrainState =>
  setAttempt(unsee(state, reply), reply.uid, {
    phase: "refused",
    until: state.now + REFUSED_MS,
    budget: reply.budget,
    ...reason,
  });

const MANY = { code: "MULTIPLE_PDBS", message: "the API server evicts no pod with several PDBs" };

const applyAnswer = (state: DrainState, reply: Reply, answer: Answer): DrainState => {
  switch (answer.kind) {
    case "accepted":
      return accepted(state, reply);
    case "gone":
      return retryLater(unsee(state, reply), reply, { afterMs: 2_000, reason: "gone", uncertain: true });
    case "stale":
      return retryLater(unsee(state, reply), reply, {
        afterMs: 500,
        reason: "the cache changed",
        uncertain: false,
      });
    case "budgetFull":
      return park(state, reply, PARKED_MS);
    case "budgetBehind":
      return park(state, reply, answer.afterMs);
    case "throttled":
      return setAttempt(slowDown(unsee(state, reply), answer.afterMs), reply.uid, undefined);
    case "manyBudgets":
      return refuse(state, reply, MANY);
    case "refused":
      return refuse(state, reply, { code: "EVICTION_REFUSED", message: answer.message });
    case "later":
      return retryLater(answer.slowDown === true ? slowDown(state, 0) : state, reply, answer);
    default:
      return assertNever(answer);
  }
};

/** Clears the budget's way first, then notes what the answer means for the pod. An answer nobody waits for is nothing. */
export const recordAnswer = (state: DrainState, uid: string, answer: Answer): DrainState => {
  const attempt = state.attempts.get(uid);
  if (attempt?.phase !== "posted") return state;
  const { inFlight, ...memory } = memoryOf(state, attempt.budget);
  const cleared = remember(state, attempt.budget, memory);
  if (inFlight?.uid !== uid) return setAttempt(cleared, uid, undefined);
  const next = applyAnswer(cleared, { ...inFlight, budget: attempt.budget, tries: attempt.tries }, answer);
  return next.world.pods.has(uid) ? next : countGone(next, uid);
};

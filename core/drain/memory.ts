import { assertNever } from "../result";
import type { Answer } from "./answers";
import { freshMarks, isFree, memoryOf, pdbFact } from "./budgets";
import type { EvictAction } from "./events";
import type { PodFact } from "./facts";
import type { Attempt, BudgetMemory, InFlight } from "./attempts";
import type { DrainState } from "./state";
import { noteLatency, slowDown } from "./pressure";
import { withCallTime, withCare, withLessCare } from "./width";
import { workloadOf } from "./workloads";
import { countGone } from "./observe";

/** Without a word from the watch, a refused budget is looked at again after this long. */
const PARKED_MS = 5_000;
const RETRY_CEILING_MS = 30_000;
const REFUSED_MS = 30_000;

const remember = (state: DrainState, key: string, memory: BudgetMemory): DrainState => ({
  ...state,
  budgets: state.budgets.with(key, memory),
});

const setAttempt = (state: DrainState, uid: string, attempt: Attempt | undefined): DrainState => ({
  ...state,
  attempts: attempt === undefined ? state.attempts.without(uid) : state.attempts.with(uid, attempt),
});

const triesOf = (attempt: Attempt | undefined): number => (attempt?.phase === "later" ? attempt.tries : 0);

const needsNoSlot = (state: DrainState, uid: string, budget: string): boolean => {
  const pod = state.world.pods.get(uid);
  return pod !== undefined && isFree(pod, pdbFact(state.world, budget));
};

/** What the budget's status will have to show if the server lets this eviction take a slot. */
const slotTaken = (
  state: DrainState,
  { uid, name, budget }: EvictAction,
  resourceVersion: string,
): BudgetMemory["unseen"] => {
  if (resourceVersion === "") return [];
  const onlyIfReady = needsNoSlot(state, uid, budget);
  return [{ uid, pod: name, at: state.now, onlyIfReady, toldSinceEnding: false }];
};

const marksOfOthers = (state: DrainState, memory: BudgetMemory, name: string): BudgetMemory["unseen"] =>
  freshMarks(memory, state.now).filter(({ pod }) => pod !== name);

/** How many pods of its workload may be down because of us. */
const allow = (state: DrainState, uid: string, limit: number): DrainState => {
  const key = state.looked?.survey.tallied.get(uid)?.key;
  if (key === undefined || (state.allowances.get(key) ?? 0) >= limit) return state;
  return { ...state, allowances: state.allowances.with(key, limit) };
};

const asCrowd = (calls: readonly InFlight[]): readonly InFlight[] =>
  calls.length < 2 ? calls : calls.map(call => ({ ...call, crowded: true }));

/** The eviction is about to be sent: the pod counts as going, its slot as taken. */
export const recordPost = (state: DrainState, action: EvictAction, limit: number): DrainState => {
  const memory = memoryOf(state, action.budget);
  const resourceVersion = pdbFact(state.world, action.budget)?.resourceVersion ?? "";
  const tries = triesOf(state.attempts.get(action.uid));
  const taken = slotTaken(state, action, resourceVersion);
  const { uid, name: pod } = action;
  const call = {
    uid,
    pod,
    resourceVersion,
    limit,
    counted: taken.some(mark => !mark.onlyIfReady),
    crowded: false,
  };
  const next = remember(state, action.budget, {
    ...memory,
    inFlight: asCrowd([...memory.inFlight, call]),
    unseen: [...marksOfOthers(state, memory, action.name), ...taken],
  });
  return setAttempt(allow(next, action.uid, limit), action.uid, {
    phase: "posted",
    at: state.now,
    budget: action.budget,
    tries,
  });
};

/** The n-th eviction after this one reuses its slot: the time between is one cycle of the budget. */
const measureCycle = (memory: BudgetMemory, now: number, limit: number): BudgetMemory => {
  const accepted = [...memory.accepted, now];
  if (accepted.length <= limit) return { ...memory, accepted };
  const sample = now - (accepted[0] ?? now);
  const cycleMs = memory.cycleMs === undefined ? sample : memory.cycleMs * 0.7 + sample * 0.3;
  return { ...memory, accepted: accepted.slice(1), cycleMs };
};

/** A pod bound within this time of the cordon was on its way already. */
const CORDON_SHOWS_MS = 5_000;

/** It came to blue although blue was being left; while a node was open by mistake, that says nothing about the pod. */
const isReturn = ({ startedAt, spec, cordonedSince }: DrainState, pod: PodFact): boolean => {
  const cordoned = cordonedSince.get(pod.node ?? "");
  const since = spec.cordon ? (cordoned ?? Infinity) + CORDON_SHOWS_MS : startedAt;
  return pod.createdAt > Math.max(startedAt, since);
};

const countReturn = (state: DrainState, pod: PodFact | undefined): DrainState => {
  if (pod === undefined || !isReturn(state, pod)) return state;
  const key = workloadOf(pod, state.world)?.key;
  if (key === undefined) return state;
  return { ...state, returns: state.returns.with(key, (state.returns.get(key) ?? 0) + 1) };
};

interface Reply extends InFlight {
  readonly budget: string;
  readonly tries: number;
  readonly sentAt: number;
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

const noteTime = (state: DrainState, { sentAt, crowded }: Reply): DrainState =>
  noteLatency(state, crowded ? state.now : sentAt);

const accepted = (state: DrainState, reply: Reply): DrainState => {
  const counted = countReturn(noteTime(state, reply), state.world.pods.get(reply.uid));
  const before = measureCycle(memoryOf(counted, reply.budget), state.now, reply.limit);
  const memory = withLessCare(reply.crowded ? before : withCallTime(before, state.now - reply.sentAt));
  const next = remember({ ...counted, progressAt: state.now }, reply.budget, memory);
  return setAttempt(next, reply.uid, { phase: "accepted", at: state.now, budget: reply.budget });
};

/** The budget said no: nothing more of it until its next word. A pod that needs no slot waits a moment of its own. */
const park = (state: DrainState, reply: Reply, ms: number): DrainState => {
  const memory = memoryOf(state, reply.budget);
  const parked = { resourceVersion: reply.resourceVersion, until: state.now + ms };
  const next = unsee(remember(noteTime(state, reply), reply.budget, { ...memory, parked }), reply);
  const skipsQueue = reply.resourceVersion === "" || needsNoSlot(state, reply.uid, reply.budget);
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

const takeCare = (state: DrainState, { budget }: Reply): DrainState =>
  remember(state, budget, withCare(memoryOf(state, budget)));

const postpone = (
  state: DrainState,
  reply: Reply,
  answer: Extract<Answer, { kind: "later" }>,
): DrainState => {
  const careful = answer.contended === true ? takeCare(state, reply) : state;
  return retryLater(
    answer.slowDown === true ? slowDown(careful, { ...reply, holdMs: 0 }) : careful,
    reply,
    answer,
  );
};

const MANY = { code: "MULTIPLE_PDBS", message: "the API server evicts no pod with several PDBs" };

const throttle = (state: DrainState, reply: Reply, holdMs: number): DrainState =>
  setAttempt(slowDown(unsee(state, reply), { ...reply, holdMs }), reply.uid, undefined);

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
      return park(takeCare(state, reply), reply, answer.afterMs);
    case "throttled":
      return throttle(state, reply, answer.afterMs);
    case "manyBudgets":
      return refuse(state, reply, MANY);
    case "refused":
      return refuse(state, reply, { code: "EVICTION_REFUSED", message: answer.message });
    case "changed":
      return retryLater(unsee(state, reply), reply, {
        afterMs: 500,
        reason: "the pod or its budget changed",
        uncertain: false,
      });
    case "later":
      return postpone(state, reply, answer);
    default:
      return assertNever(answer);
  }
};

/** Takes the call off its budget's list first, then notes what the answer means for the pod. An answer nobody waits for is nothing. */
export const recordAnswer = (state: DrainState, uid: string, answer: Answer): DrainState => {
  const attempt = state.attempts.get(uid);
  if (attempt?.phase !== "posted") return state;
  const memory = memoryOf(state, attempt.budget);
  const call = memory.inFlight.find(one => one.uid === uid);
  if (call === undefined) return setAttempt(state, uid, undefined);
  const { budget, tries, at: sentAt } = attempt;
  const cleared = remember(state, budget, {
    ...memory,
    inFlight: memory.inFlight.filter(one => one !== call),
    unseen: memory.unseen.map(mark => (mark.uid === uid ? { ...mark, at: state.now } : mark)),
  });
  const next = applyAnswer(cleared, { ...call, budget, tries, sentAt }, answer);
  return next.world.pods.has(uid) ? next : countGone(next, uid);
};

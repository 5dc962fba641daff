import { memoryOf } from "./budgets";
import { mayClimb, mayClimbFor } from "./ladder/hold";
import { HOPELESS } from "./standstill";
import type { DrainState } from "./state";
import type { AwaitedPod, BlockedPod, Lane } from "./surveyed";

/** No waiting will give this lane a slot, and that has been so for long enough. */
export const isHopeless = (state: DrainState, lane: Lane): boolean => {
  const { waiting } = memoryOf(state, lane.budget.key);
  if (waiting === undefined || !HOPELESS.has(waiting.code)) return false;
  if (lane.ready.length > 0 || state.now - waiting.codeSince < state.spec.blockedAfterMs) return false;
  return !mayClimb(state, lane);
};

const blockedFor = (state: DrainState, uid: string): number =>
  state.now - (state.blockedSince.get(uid)?.since ?? state.now);

export const isLastingBlock = (state: DrainState, { pod }: BlockedPod): boolean =>
  !mayClimbFor(state, pod) && blockedFor(state, pod.uid) >= state.spec.blockedAfterMs;

/** A pod that is never evicted has been waited for as long as anybody wants to. */
export const isOverdue = (state: DrainState, { pod, until }: AwaitedPod): boolean =>
  until === undefined && blockedFor(state, pod.uid) >= (state.spec.awaitMs ?? Infinity);

const DETACH_MS = 6 * 60_000;

/** True when a volume has hung on this node for too long after its last pod. */
export const isHangingTooLong = (state: DrainState, node: string): boolean => {
  const empty = state.emptySince.get(node);
  return empty !== undefined && state.now - empty >= (state.spec.detachMs ?? DETACH_MS);
};

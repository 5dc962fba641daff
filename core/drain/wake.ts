import { deregisteredAt } from "./quiet";
import type { DrainState } from "./state";
import type { Survey } from "./surveyed";

/** However quiet the watches are, everything is looked at again this often. */
const SAFETY_MS = 5_000;

/** Without work left, only the quiet time of the nodes remains. */
const quietMoments = function* (state: DrainState, survey: Survey): Iterable<number> {
  if (survey.queued + survey.going.size > 0) return;
  for (const since of state.emptySince.values()) yield since + state.spec.quietMs;
  for (const since of state.cordonedSince.values()) yield since + state.spec.quietMs;
  for (const node of survey.blue.values()) yield deregisteredAt(state, node) ?? Infinity;
};

const moments = function* (state: DrainState, survey: Survey): Iterable<number> {
  const { spec } = state;
  yield state.startedAt + spec.deadlineMs;
  yield state.progressAt + spec.timeoutMs;
  yield state.pressure.holdUntil;
  if (state.ending !== undefined) yield state.ending.since + spec.lingerMs;
  for (const { since } of state.blockedSince.values()) yield since + spec.blockedAfterMs;
  for (const { waiting } of state.budgets.values())
    if (waiting !== undefined) yield waiting.codeSince + spec.blockedAfterMs;
  yield* survey.podDue.values();
  yield* survey.laneDue.values();
  yield* quietMoments(state, survey);
};

/** The next moment at which time alone may change a decision. */
export const nextWake = (state: DrainState, survey: Survey): number => {
  let first = state.now + SAFETY_MS;
  for (const at of moments(state, survey)) if (at > state.now && at < first) first = at;
  return first;
};

import type { DrainState } from "./state";

/** However quiet the watches are, everything is looked at again this often. */
const SAFETY_MS = 5_000;

/** The next moment at which time alone may change a decision. */
export const nextWake = (state: DrainState): number => {
  const { spec, now } = state;
  const moments = [
    state.startedAt + spec.deadlineMs,
    state.progressAt + spec.timeoutMs,
    state.pressure.holdUntil,
    ...[...state.emptySince.values(), ...state.cordonedSince.values()].map(since => since + spec.quietMs),
    ...[...state.blockedSince.values()].map(({ since }) => since + spec.blockedAfterMs),
    ...[...state.attempts.values()].flatMap(attempt => ("until" in attempt ? [attempt.until] : [])),
    ...[...state.budgets.values()].flatMap(({ parked, waiting }) => [
      ...(parked === undefined ? [] : [parked.until]),
      ...(waiting === undefined ? [] : [waiting.codeSince + spec.blockedAfterMs]),
    ]),
    ...(state.ending === undefined ? [] : [state.ending.since + spec.lingerMs]),
  ];
  return moments.reduce((first, at) => (at > now && at < first ? at : first), now + SAFETY_MS);
};

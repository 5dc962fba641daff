import { closedGuards, describeGuard, type Guard } from "./guards";
import type { DrainState, Ending } from "./state";

const KIND_OF: Readonly<Record<Guard["then"], Ending["kind"] | undefined>> = {
  hold: undefined,
  pause: "paused",
  rollback: "rollback",
  stop: "stopped",
  lostLease: "lostLease",
};

const guardEnding = (state: DrainState): Ending | undefined => {
  for (const guard of closedGuards(state.guards)) {
    const kind = KIND_OF[guard.then];
    if (kind !== undefined) return { kind, reason: describeGuard(guard), since: state.now };
  }
  return undefined;
};

const deadlineEnding = (state: DrainState): Ending | undefined => {
  if (state.now - state.startedAt < state.spec.deadlineMs) return undefined;
  return { kind: "paused", reason: "its own deadline has passed", since: state.now };
};

/** An ending, once begun, stays; only a lost lease overtakes it. */
export const withEnding = (state: DrainState): DrainState => {
  const found = guardEnding(state) ?? deadlineEnding(state);
  if (found === undefined) return state;
  if (state.ending !== undefined && found.kind !== "lostLease") return state;
  return state.ending?.kind === "lostLease" ? state : { ...state, ending: found };
};

/** Nodes may be worked on while a guard only holds evictions. */
export const mayWork = ({ ending, guards }: DrainState): boolean =>
  ending === undefined && closedGuards(guards).every(guard => guard.then === "hold");

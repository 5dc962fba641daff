import { compareText } from "./scope";

/**
 * A condition looked at before each eviction. `unknown` means closed. `then` says what a guard that is not open asks
 * for: hold (no new evictions until it opens), pause (end, to be gone on with later), rollback (end, and fill blue
 * again), stop (end, someone asked for it), or lostLease (end at once: someone else may already act).
 */
export interface Guard {
  readonly name: string;
  readonly state: "open" | "closed" | "unknown";
  readonly then: "hold" | "pause" | "rollback" | "stop" | "lostLease";
  readonly reason?: string;
}

const GRAVITY = ["lostLease", "stop", "rollback", "pause", "hold"] as const;

/** The guards that forbid evictions, gravest first. */
export const closedGuards = (guards: readonly Guard[]): readonly Guard[] =>
  guards
    .filter(guard => guard.state !== "open")
    .sort((a, b) => GRAVITY.indexOf(a.then) - GRAVITY.indexOf(b.then) || compareText(a.name, b.name));

export const describeGuard = (guard: Guard): string => {
  const why = guard.reason === undefined ? "" : `: ${guard.reason}`;
  return `${guard.name} is ${guard.state}${why}`;
};

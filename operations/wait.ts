import { setTimeout as pause } from "node:timers/promises";
import { type Problem, ProblemError } from "../core/problem";

/** The value waited for, or the words for what is still missing. */
export type Look<T> = { readonly done: T } | { readonly missing: string };

export interface WaitOptions {
  readonly now: () => number;
  readonly deadlineSeconds: number;
  readonly signal: AbortSignal;
  /** Told at most every few seconds what is still missing. */
  readonly log: (line: string) => void;
  /** Said when time is up. */
  readonly problem: (missing: string) => Problem;
}

const POLL_MS = 500;
const TELL_MS = 5_000;

/**
 * Looks until `look` returns a value or time is up. `look` answers with the value, or with the words for what is still
 * missing; those reach the user while waiting and in the refusal at the end.
 */
export const waitFor = async <T>(look: () => Promise<Look<T>>, options: WaitOptions): Promise<T> => {
  const end = options.now() + options.deadlineSeconds * 1_000;
  let told = 0;
  for (;;) {
    options.signal.throwIfAborted();
    const seen = await look();
    if ("done" in seen) return seen.done;
    if (options.now() >= end) throw new ProblemError("gave up waiting", [options.problem(seen.missing)]);
    if (options.now() - told >= TELL_MS) {
      told = options.now();
      options.log(`waiting for ${seen.missing} (${Math.ceil((end - options.now()) / 1_000)} s left)`);
    }
    await pause(POLL_MS, undefined, { signal: options.signal });
  }
};

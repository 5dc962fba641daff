import { setTimeout as delay } from "node:timers/promises";
import { ProblemError, type Problem } from "../core/problem";

export interface WaitOptions {
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  /** Between the first two looks; doubles up to `slowestMs`. */
  readonly fastestMs?: number;
  readonly slowestMs?: number;
}

/** Looks until `look` answers with something; when the deadline comes first, rejects with the problem `late` makes. */
export const waitFor = async <T>(
  look: () => T | undefined | Promise<T | undefined>,
  options: WaitOptions,
  late: () => Problem,
): Promise<T> => {
  const end = Date.now() + options.deadlineMs;
  let pause = options.fastestMs ?? 20;
  for (;;) {
    options.signal.throwIfAborted();
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() >= end) throw new ProblemError("gave up waiting", [late()]);
    await delay(Math.min(pause, Math.max(1, end - Date.now())), undefined, { signal: options.signal });
    pause = Math.min(pause * 2, options.slowestMs ?? 250);
  }
};

import { pause, startBackoff } from "./backoff";
import { isKubeError, type KubeError } from "./kubeError";

export interface SwapOptions {
  readonly signal?: AbortSignal | undefined;
  /** How long lost races and lost answers are tried again; default 30 s. */
  readonly deadlineMs?: number;
}

const DEADLINE_MS = 30_000;
const RANGE = { minMs: 20, maxMs: 2_000 };
const NEVER = new AbortController().signal;

/** Lost to another writer, or no word whether it was written: reading again tells. */
const isWorthRereading = (error: unknown): error is KubeError =>
  isKubeError(error, "conflict", "alreadyExists", "unreachable", "timeout", "tooManyRequests", "server");

/** Milliseconds to the next round; undefined when this error ends the attempt. */
const delayAfter = (error: unknown, wish: number, left: number): number | undefined => {
  if (!isWorthRereading(error)) return undefined;
  const delay = Math.max(wish, (error.retryAfterSeconds ?? 0) * 1000);
  return delay < left ? delay : undefined;
};

/**
 * Runs one read-decide-write round until one succeeds. A round that finds its wish already there does nothing, so a
 * write whose answer was lost is not made twice.
 */
export const retrySwap = async <T>(round: () => Promise<T>, options: SwapOptions): Promise<T> => {
  const { signal = NEVER, deadlineMs = DEADLINE_MS } = options;
  const backoff = startBackoff(RANGE);
  const end = performance.now() + deadlineMs;
  for (;;) {
    try {
      return await round();
    } catch (error) {
      const delay = delayAfter(error, backoff.next(), end - performance.now());
      if (delay === undefined || signal.aborted) throw error;
      await pause(delay, signal);
    }
  }
};

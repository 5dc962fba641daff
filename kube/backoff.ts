import { setTimeout as wait } from "node:timers/promises";

export interface BackoffRange {
  readonly minMs: number;
  readonly maxMs: number;
}

export interface Backoff {
  /** Milliseconds to wait before the next try: doubles up to the ceiling, with full jitter on its upper half. */
  next(): number;
  reset(): void;
}

export const startBackoff = (range: BackoffRange, random: () => number = Math.random): Backoff => {
  let step = range.minMs;
  return {
    next: () => {
      const now = step;
      step = Math.min(range.maxMs, step * 2);
      return now / 2 + (random() * now) / 2;
    },
    reset: () => {
      step = range.minMs;
    },
  };
};

/** Waits, or returns at once when the signal fires: the caller looks at the signal, nobody has to catch. */
export const pause = async (milliseconds: number, signal: AbortSignal): Promise<void> => {
  if (signal.aborted || milliseconds <= 0) return;
  await wait(milliseconds, undefined, { signal }).catch(() => undefined);
};

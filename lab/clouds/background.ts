/** What a cloud goes on doing after it has answered. */
export interface Background {
  /** Aborted when the stand-in ends. */
  readonly signal: AbortSignal;
  readonly start: (work: (signal: AbortSignal) => Promise<void>) => void;
  /** Tells all of it to stop, and waits until it has. */
  readonly end: () => Promise<void>;
}

export const openBackground = (): Background => {
  const stop = new AbortController();
  const running = new Set<Promise<void>>();
  return {
    signal: stop.signal,
    start: work => {
      const done = work(stop.signal)
        .catch(() => undefined)
        .finally(() => running.delete(done));
      running.add(done);
    },
    end: async () => {
      stop.abort(new Error("the stand-in ends"));
      await Promise.all(running);
    },
  };
};

/** Exit status of a program that Ctrl-C ended, as shells have it. */
export const INTERRUPTED = 130;

/**
 * Runs work that Ctrl-C can call off: the first asks it to stop cleanly, the second ends the program at once. What was
 * done until then stays and is picked up by the same command run again.
 */
export const untilInterrupted = async <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
  const controller = new AbortController();
  const onSignal = (): void => {
    if (controller.signal.aborted) process.exit(INTERRUPTED);
    process.stderr.write("\nstopping; press Ctrl-C again to leave at once\n");
    controller.abort(new Interrupted());
  };
  process.on("SIGINT", onSignal);
  process.on("SIGTERM", onSignal);
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? new Interrupted() : error;
  } finally {
    process.removeListener("SIGINT", onSignal);
    process.removeListener("SIGTERM", onSignal);
  }
};

export class Interrupted extends Error {
  constructor() {
    super("stopped; run the same command again to go on from here");
    this.name = "Interrupted";
  }
}

import { describeProgress, type DrainProgress, progressOf } from "../../core/drain/describe";
import type { DrainState } from "../../core/drain/state";

export interface Reporter {
  /** Told of every state; speaks when there is something new, and not too often. */
  readonly tell: (state: DrainState) => void;
}

const EVERY_MS = 2_000;

export interface ReporterPorts {
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly progress?: ((progress: DrainProgress) => void) | undefined;
}

export const startReporter = (ports: ReporterPorts): Reporter => {
  let at = -Infinity;
  let last = "";
  const tell = (state: DrainState): void => {
    if (!state.synced || state.outcome !== undefined || ports.now() - at < EVERY_MS) return;
    at = ports.now();
    const progress = progressOf(state);
    ports.progress?.(progress);
    const line = describeProgress(progress);
    if (line !== last) ports.log(line);
    last = line;
  };
  return { tell };
};

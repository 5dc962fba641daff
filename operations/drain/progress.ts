import { describeProgress, type DrainProgress, progressOf } from "../../core/drain/describe";
import { closedGuards, describeGuard } from "../../core/drain/guards";
import { gaugesOf, type Sample } from "../../core/drain/metrics";
import type { DrainState } from "../../core/drain/state";

export interface Reporter {
  /** Told of every state; speaks when there is something new, and not too often. */
  readonly tell: (state: DrainState) => void;
}

export interface ReporterPorts {
  readonly now: () => number;
  readonly log: (line: string) => void;
  readonly progress?: ((progress: DrainProgress) => void) | undefined;
  readonly gauges?: ((samples: readonly Sample[]) => void) | undefined;
  /** What the engine does not know of. */
  readonly moreGauges?: () => readonly Sample[];
}

const EVERY_MS = 2_000;
/** First lists of a healthy cluster come sooner than this; later ones deserve a word. */
const SLOW_START_MS = 5_000;

const describeStart = (state: DrainState): string | undefined => {
  if (state.now - state.startedAt < SLOW_START_MS) return undefined;
  const why = closedGuards(state.guards).map(describeGuard).join(", ");
  return `waiting for the first lists from the API server${why === "" ? "" : ` (${why})`}`;
};

export const startReporter = (ports: ReporterPorts): Reporter => {
  let at = -Infinity;
  let last = "";
  const say = (line: string | undefined): void => {
    if (line !== undefined && line !== last) ports.log(line);
    last = line ?? last;
  };
  const measure = (state: DrainState, progress: DrainProgress): void =>
    ports.gauges?.([...gaugesOf(state, progress), ...(ports.moreGauges?.() ?? [])]);
  const tell = (state: DrainState): void => {
    if (state.outcome !== undefined && ports.gauges !== undefined) measure(state, progressOf(state));
    if (state.outcome !== undefined || ports.now() - at < EVERY_MS) return;
    at = ports.now();
    if (!state.synced) {
      say(describeStart(state));
      return;
    }
    const progress = progressOf(state);
    ports.progress?.(progress);
    measure(state, progress);
    say(describeProgress(progress));
  };
  return { tell };
};

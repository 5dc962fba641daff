import type { DrainState } from "./state";

/** Clean answers after which one more eviction may be in flight. */
const CLEAN = 10;
/** An answer that takes longer says that the API server is short of breath. */
const SLOW_MS = 2_000;
/** Slowness alone (a slow webhook, a contended budget) never leaves fewer than this. */
const SLOW_FLOOR = 4;

/** Additive increase: a clean answer. */
export const breathe = (state: DrainState): DrainState => {
  const { pressure, spec } = state;
  const grown = pressure.clean + 1 >= CLEAN;
  const limit = grown ? Math.min(spec.concurrency.ceiling, pressure.limit + 1) : pressure.limit;
  return { ...state, pressure: { ...pressure, limit, clean: grown ? 0 : pressure.clean + 1, strained: 0 } };
};

interface Strain {
  /** When the call was sent whose answer tells of it. */
  readonly sentAt: number;
  readonly holdMs: number;
  readonly floor?: number;
}

/**
 * Multiplicative decrease, once for all calls that were under way together: those sent before the last decrease have
 * nothing new to tell.
 */
export const slowDown = (state: DrainState, { sentAt, holdMs, floor = 1 }: Strain): DrainState => {
  const { pressure, now } = state;
  const news = sentAt >= pressure.slowedAt;
  const halved = Math.min(pressure.limit, Math.max(floor, Math.floor(pressure.limit / 2)));
  return {
    ...state,
    pressure: {
      limit: news ? halved : pressure.limit,
      clean: 0,
      holdUntil: Math.max(pressure.holdUntil, now + holdMs),
      slowedAt: news ? now : pressure.slowedAt,
      strained: pressure.strained + 1,
    },
  };
};

/** What an answer without complaint says about the API server: how long it took. */
export const noteLatency = (state: DrainState, sentAt: number): DrainState =>
  state.now - sentAt > SLOW_MS ? slowDown(state, { sentAt, holdMs: 0, floor: SLOW_FLOOR }) : breathe(state);

import type { DrainState } from "./state";
import type { News, Survey } from "./surveyed";

type Touched = { readonly [K in keyof News]: Set<string> };

/** A survey in the making: the former one, in which what was touched is put right piece by piece. */
export type Draft = { -readonly [K in keyof Omit<Survey, "news">]: Survey[K] } & {
  readonly state: DrainState;
  readonly touched: Touched;
};

export const startDraft = (state: DrainState, former: Survey): Draft => ({
  ...former,
  state,
  touched: { pods: new Set(), workloads: new Set(), lanes: new Set(), nodes: new Set() },
});

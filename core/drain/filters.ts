import type { PodFact } from "./facts";
import { localStorage, localVolume, orphaned, returnsToBlue, unmanaged } from "./lossFilters";
import { daemonSet, finished, mirror, podSelector, terminating } from "./presenceFilters";
import type { DrainRules } from "./state";
import type { FilterContext, PodFilter, PodVerdict, PodWarning } from "./verdicts";
import { doNotDisrupt, drainLabel, safeToEvict } from "./vocabularies";

export { UNSCHEDULABLE_TAINT } from "./lossFilters";
export type { FilterContext, PodFilter, PodVerdict, PodWarning } from "./verdicts";

/**
 * First verdict wins. What the user left out, what nobody can move (static pods), what lives and dies with the node
 * (DaemonSets) and what runs no more comes first; then what is already going; then what its owner asks to be left
 * alone; then what must not be evicted because it would come back or be lost.
 */
export const FILTERS: readonly PodFilter[] = [
  podSelector,
  mirror,
  daemonSet,
  finished,
  terminating,
  drainLabel,
  doNotDisrupt,
  safeToEvict,
  returnsToBlue,
  localVolume,
  orphaned,
  unmanaged,
  localStorage,
];

/** What a user may say to pass over. The rest are facts: static pods, DaemonSets, and pods that run no more or are going. */
export const DISREGARDABLE: readonly string[] = [
  "DRAIN_LABEL_SKIP",
  "WAIT_COMPLETED",
  "DO_NOT_DISRUPT",
  "ON_COMPLETION",
  "NOT_SAFE_TO_EVICT",
  "RETURNS_TO_BLUE",
  "LOCAL_PV",
  "ORPHANED",
  "NOT_REPLICATED",
  "LOCAL_STORAGE",
];

const isDisregarded = (verdict: PodVerdict, { disregard }: DrainRules): boolean =>
  verdict.kind !== "move" &&
  disregard?.includes(verdict.code) === true &&
  DISREGARDABLE.includes(verdict.code);

export const judgePod = (pod: PodFact, context: FilterContext): PodVerdict => {
  for (const filter of FILTERS) {
    const verdict = filter.judge(pod, context);
    if (verdict !== undefined && !isDisregarded(verdict, context.rules)) return verdict;
  }
  return { kind: "move" };
};

/** Everything to be said about a pod that moves. */
export const warningsOf = (pod: PodFact, context: FilterContext): readonly PodWarning[] =>
  FILTERS.flatMap(filter => filter.warn?.(pod, context) ?? []);

export interface FilterOpinion {
  readonly filter: string;
  /** Absent: the filter has nothing against moving the pod. */
  readonly verdict?: PodVerdict;
  readonly warning?: PodWarning;
  /** The verdict stands, but the rules say to pass over it. */
  readonly disregarded: boolean;
  /** This is the verdict that decides. */
  readonly decides: boolean;
}

const opinionOf = (filter: PodFilter, pod: PodFact, context: FilterContext): FilterOpinion => {
  const verdict = filter.judge(pod, context);
  const warning = filter.warn?.(pod, context);
  return {
    filter: filter.name,
    disregarded: verdict !== undefined && isDisregarded(verdict, context.rules),
    decides: false,
    ...(verdict === undefined ? {} : { verdict }),
    ...(warning === undefined ? {} : { warning }),
  };
};

/** Every filter's opinion, in the order in which they are asked. */
export const explainPod = (pod: PodFact, context: FilterContext): readonly FilterOpinion[] => {
  const opinions = FILTERS.map(filter => opinionOf(filter, pod, context));
  const first = opinions.findIndex(({ verdict, disregarded }) => verdict !== undefined && !disregarded);
  return opinions.map((opinion, index) => ({ ...opinion, decides: index === first }));
};

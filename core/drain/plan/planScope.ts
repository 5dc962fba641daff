import type { PlanFacts, PlanNode, PlanPod, PlanRequest } from "./planFacts";
import { type FilterContext, judgePod, type PodVerdict } from "../filters";
import { chooseNodes, compareText, isSelected } from "../scope";
import { isResident } from "../verdicts";

export interface JudgedPod {
  readonly pod: PlanPod;
  readonly verdict: PodVerdict;
}

/** The nodes that would be emptied and what is on them. */
export interface PlanScope {
  /** All nodes that the request means, before a share of them is taken. */
  readonly selected: readonly PlanNode[];
  readonly blue: readonly PlanNode[];
  readonly names: ReadonlySet<string>;
  readonly judged: readonly JudgedPod[];
  readonly context: FilterContext;
}

export const contextOf = (facts: PlanFacts, { rules, cordon }: PlanRequest): FilterContext => ({
  now: facts.now,
  ...(facts.daemonSets === undefined ? {} : { daemonSets: facts.daemonSets }),
  localClaims: facts.localClaims,
  rules,
  cordon,
});

const loadOf = (judged: readonly JudgedPod[]): ReadonlyMap<string, number> => {
  const load = new Map<string, number>();
  for (const { pod, verdict } of judged) {
    const node = pod.node ?? "";
    if (isResident(verdict)) load.set(node, (load.get(node) ?? 0) + 1);
  }
  return load;
};

const shareOf = (
  selected: readonly PlanNode[],
  judged: readonly JudgedPod[],
  percent: number,
): readonly PlanNode[] => {
  if (percent >= 100) return selected;
  const load = loadOf(judged);
  const loads = selected.map(({ name, cordoned }) => ({ name, cordoned, movable: load.get(name) ?? 0 }));
  const chosen = new Set(chooseNodes(loads, percent));
  return selected.filter(({ name }) => chosen.has(name));
};

/** Judges every pod on the nodes once. */
export const planScope = (facts: PlanFacts, request: PlanRequest): PlanScope => {
  const context = contextOf(facts, request);
  const selected = facts.nodes
    .filter(node => isSelected(node, request.nodes))
    .sort((a, b) => compareText(a.name, b.name));
  const wanted = new Set(selected.map(({ name }) => name));
  const judged = facts.pods
    .filter(pod => pod.node !== undefined && wanted.has(pod.node))
    .map(pod => ({ pod, verdict: judgePod(pod, context) }));
  const blue = shareOf(selected, judged, request.percent);
  const names = new Set(blue.map(({ name }) => name));
  return { selected, blue, names, context, judged: judged.filter(({ pod }) => names.has(pod.node ?? "")) };
};

import type { EvictAction } from "./events";
import type { PodFact } from "./facts";
import { closedGuards } from "./guards";
import { isHopeless } from "./hopeless";
import { isHeldBack } from "./ladder/hold";
import { compareText } from "./scope";
import type { DrainState } from "./state";
import type { Lane, Survey } from "./surveyed";
import { openTier, tierOf } from "./tiers";

/** Longest remaining chain first. */
const byChain = (a: Lane, b: Lane): number =>
  b.chainMs - a.chainMs || compareText(a.budget.key, b.budget.key);

const loadOf = (load: Survey["load"], { node = "" }: PodFact): number => load.get(node) ?? 0;

const byName = (a: PodFact, b: PodFact): number =>
  compareText(a.namespace, b.namespace) || compareText(a.name, b.name);

/** Not-Ready pods first (they serve nobody), then the node nearest to being empty, then by name. */
const byPreference =
  (load: Survey["load"]) =>
  (a: PodFact, b: PodFact): number =>
    tierOf(a) - tierOf(b) ||
    Number(a.ready) - Number(b.ready) ||
    loadOf(load, a) - loadOf(load, b) ||
    byName(a, b);

const least = <T>(items: readonly T[], compare: (a: T, b: T) => number): T | undefined =>
  items.reduce<T | undefined>(
    (best, item) => (best === undefined || compare(item, best) < 0 ? item : best),
    undefined,
  );

const isSingleton = ({ budget }: Lane): boolean => budget.kind === "own" && budget.desired === 1;

const evict = (pod: PodFact, lane: Lane): EvictAction => ({
  kind: "evict",
  uid: pod.uid,
  namespace: pod.namespace,
  name: pod.name,
  node: pod.node ?? "",
  budget: lane.budget.key,
  ...(isSingleton(lane) ? { takesDown: lane.budget.name } : {}),
});

export interface Choice {
  readonly action: EvictAction;
  readonly limit: number;
}

/** While a blue node takes pods that should not, what is evicted may land there and would move twice. */
const mayComeBack = (state: DrainState, { open }: Survey): boolean => {
  for (const node of open.values()) if (state.spec.cordon && !node.cordoned && node.ready) return true;
  return false;
};

const mayEvict = (state: DrainState, survey: Survey): boolean =>
  state.ending === undefined &&
  closedGuards(state.guards).length === 0 &&
  state.now >= state.pressure.holdUntil &&
  !mayComeBack(state, survey);

/** Keeps the list sorted and no longer than `room`. */
const insert = (lanes: Lane[], lane: Lane, room: number): void => {
  const last = lanes.at(-1);
  if (lanes.length === room && last !== undefined && byChain(lane, last) >= 0) return;
  const at = lanes.findIndex(other => byChain(lane, other) < 0);
  lanes.splice(at === -1 ? lanes.length : at, 0, lane);
  if (lanes.length > room) lanes.pop();
};

/** The tier whose pods may go now. */
export const presentTier = (state: DrainState, { tiers, lanes }: Survey): number =>
  openTier(tiers, lanes.values(), lane => isHopeless(state, lane));

/** One eviction per budget at most, the longest remaining chain first, within what the API server bears. */
export const chooseEvictions = (state: DrainState, survey: Survey): readonly Choice[] => {
  const room = state.pressure.limit - survey.posted.size;
  if (room <= 0 || !mayEvict(state, survey)) return [];
  const tier = presentTier(state, survey);
  const mayGo = (pod: PodFact): boolean => tierOf(pod) <= tier && !isHeldBack(state, pod);
  const chosen: Lane[] = [];
  for (const lane of survey.lanes.values())
    if (!lane.inFlight && lane.ready.some(mayGo)) insert(chosen, lane, room);
  return chosen.flatMap(lane => {
    const pod = least(lane.ready.filter(mayGo), byPreference(survey.load));
    return pod === undefined ? [] : [{ action: evict(pod, lane), limit: lane.limit }];
  });
};

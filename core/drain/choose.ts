import type { EvictAction } from "./events";
import type { PodFact } from "./facts";
import { closedGuards } from "./guards";
import { isHopeless } from "./hopeless";
import { isHeldBack } from "./ladder/hold";
import { costOf } from "./lanes";
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

const isSingleton = ({ budget }: Lane): boolean => budget.kind === "own" && budget.desired === 1;

const evict = (pod: PodFact, lane: Lane): EvictAction => ({
  kind: "evict",
  uid: pod.uid,
  namespace: pod.namespace,
  name: pod.name,
  node: pod.node ?? "",
  budget: lane.budget.key,
  ...(isSingleton(lane) ? { takesDown: lane.budget.name } : {}),
  ...(lane.budget.kind === "own" && !pod.ready ? { asUnready: true } : {}),
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

interface Shortlist<T> {
  readonly items: T[];
  readonly room: number;
  readonly compare: (a: T, b: T) => number;
  /** Asked last, and only of what would get a place: it costs more than a comparison. */
  readonly mayGo: (item: T) => boolean;
}

/** Keeps the list sorted and no longer than its room. */
const insert = <T>({ items, room, compare, mayGo }: Shortlist<T>, item: T): void => {
  const last = items.at(-1);
  if (items.length >= room && (last === undefined || compare(item, last) >= 0)) return;
  if (!mayGo(item)) return;
  const at = items.findIndex(other => compare(item, other) < 0);
  items.splice(at === -1 ? items.length : at, 0, item);
  if (items.length > room) items.pop();
};

interface Wanted {
  readonly lane: Lane;
  readonly mayGo: (pod: PodFact) => boolean;
  readonly room: number;
}

/** The pods of one lane that go now: of those that take a slot as many as are free, and no more than the server counts at once. */
const picksOf = (state: DrainState, survey: Survey, { lane, mayGo, room }: Wanted): readonly PodFact[] => {
  const compare = byPreference(survey.load);
  const lists: Readonly<Record<ReturnType<typeof costOf>, Shortlist<PodFact>>> = {
    nothing: { items: [], room, compare, mayGo },
    held: { items: [], room: lane.room, compare, mayGo },
    slot: { items: [], room: Math.min(room, lane.room, lane.slots), compare, mayGo },
  };
  for (const pod of lane.ready) insert(lists[costOf(state, pod, lane.budget)], pod);
  const counted = [...lists.held.items, ...lists.slot.items].sort(compare).slice(0, lane.room);
  return [...lists.nothing.items, ...counted];
};

/** Each lane's first, then each lane's second, and so on. */
const inTurns = (choices: readonly (readonly Choice[])[]): readonly Choice[] => {
  const turns = Math.max(0, ...choices.map(({ length }) => length));
  return Array.from({ length: turns }, (_, turn) => choices.flatMap(lane => lane[turn] ?? [])).flat();
};

/** The tier whose pods may go now. */
export const presentTier = (state: DrainState, { tiers, lanes }: Survey): number =>
  openTier(tiers, lanes.values(), lane => isHopeless(state, lane));

/** What every budget has room for, the longest remaining chain first, within what the API server bears. */
export const chooseEvictions = (state: DrainState, survey: Survey): readonly Choice[] => {
  const room = state.pressure.limit - survey.posted.size;
  if (room <= 0 || !mayEvict(state, survey)) return [];
  const tier = presentTier(state, survey);
  const mayGo = (pod: PodFact): boolean => tierOf(pod) <= tier && !isHeldBack(state, pod);
  const chosen: Shortlist<Lane> = {
    items: [],
    room,
    compare: byChain,
    mayGo: lane => lane.ready.some(mayGo),
  };
  for (const lane of survey.lanes.values()) insert(chosen, lane);
  const choices = chosen.items.map(lane =>
    picksOf(state, survey, { lane, mayGo, room }).map(pod => ({
      action: evict(pod, lane),
      limit: lane.limit,
    })),
  );
  return inTurns(choices).slice(0, room);
};

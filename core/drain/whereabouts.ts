import type { PodFact } from "./facts";
import { placeOf } from "./placing";
import type { Draft } from "./sketch";
import type { Place } from "./surveyed";
import { tierOf } from "./tiers";
import { joined, left, type VersionedMap } from "./versioned";
import { workloadOf } from "./workloads";

const added = <K>(table: VersionedMap<K, number>, key: K, by: number): VersionedMap<K, number> => {
  const sum = (table.get(key) ?? 0) + by;
  return sum === 0 ? table.without(key) : table.with(key, sum);
};

const arrivedAt = ({ state }: Draft, pod: PodFact): string | undefined =>
  pod.createdAt > state.startedAt ? workloadOf(pod, state.world)?.key : undefined;

const count = (draft: Draft, place: Place, by: 1 | -1): void => {
  if (place.kind === "ignored") {
    // The volumes of a pod that stays are not waited for.
    if (place.pod.claims !== undefined) draft.touched.nodes.add(place.node);
    return;
  }
  const was = draft.load.has(place.node);
  draft.load = added(draft.load, place.node, by);
  if (draft.load.has(place.node) !== was) draft.touched.nodes.add(place.node);
  if (place.kind === "lane" || place.kind === "going")
    draft.tiers = added(draft.tiers, tierOf(place.pod), by);
};

const takeOut = (draft: Draft, place: Place): void => {
  const { uid } = place.pod;
  count(draft, place, -1);
  draft.blocked = draft.blocked.without(uid);
  draft.awaited = draft.awaited.without(uid);
  draft.going = draft.going.without(uid);
  draft.podDue = draft.podDue.without(uid);
  if (place.arrived !== undefined) draft.arrivals = left(draft.arrivals, place.arrived, uid);
  if (place.kind !== "lane") return;
  draft.members = left(draft.members, place.lane, uid);
  draft.touched.lanes.add(place.lane);
};

const putInKind = (draft: Draft, place: Place): void => {
  const { uid } = place.pod;
  switch (place.kind) {
    case "ignored":
      return;
    case "going":
      draft.going = draft.going.with(uid, place.pod);
      return;
    case "awaited":
      draft.awaited = draft.awaited.with(uid, place.awaited);
      return;
    case "blocked":
      draft.blocked = draft.blocked.with(uid, place.blocked);
      return;
    case "lane":
      draft.members = joined(draft.members, place.lane, uid);
      draft.touched.lanes.add(place.lane);
  }
};

const putIn = (draft: Draft, place: Place): void => {
  const { uid } = place.pod;
  count(draft, place, 1);
  putInKind(draft, place);
  if (place.due !== undefined) draft.podDue = draft.podDue.with(uid, place.due);
  if (place.arrived !== undefined) draft.arrivals = joined(draft.arrivals, place.arrived, uid);
};

/** Puts a pod where it belongs now, and takes it from where it was. */
export const replace = (draft: Draft, uid: string): void => {
  const before = draft.places.get(uid);
  const pod = draft.state.world.pods.get(uid);
  if (before !== undefined) takeOut(draft, before);
  const node = pod?.node;
  if (pod === undefined || node === undefined || !draft.blue.has(node)) {
    if (before !== undefined) draft.places = draft.places.without(uid);
    return;
  }
  const arrived = arrivedAt(draft, pod);
  const place: Place = {
    ...placeOf(draft, pod),
    node,
    pod,
    ...(arrived === undefined ? {} : { arrived }),
  };
  putIn(draft, place);
  draft.places = draft.places.with(uid, place);
};

import { describeNames } from "./names";
import {
  type Amounts,
  neighbourObjection,
  nodeObjection,
  type PlacedPod,
  type PlaceNode,
  repelsInUnknownWays,
  shortage,
  subtract,
  unknownConstructs,
} from "./placement";
import { compareText } from "./scope";
import { fullName } from "./world";

export interface CapacityQuestion {
  /** Pods that must find another place. */
  readonly pods: readonly PlacedPod[];
  /** Nodes that may take them. */
  readonly nodes: readonly CapacityNode[];
}

export interface CapacityNode extends PlaceNode {
  /** Pods that stay on it. */
  readonly occupants: readonly PlacedPod[];
}

export interface CapacityProof {
  /**
   * FITS: a placement was found. IMPOSSIBLE: some pod fits nowhere, or all together are too many.
   * UNPROVEN: neither was shown. Preemption never counts as room.
   */
  readonly verdict: "FITS" | "IMPOSSIBLE" | "UNPROVEN";
  readonly reasons: readonly string[];
}

interface Room {
  readonly node: CapacityNode;
  readonly pods: readonly PlacedPod[];
  readonly left: Amounts;
}

const roomOf = (node: CapacityNode): Room => ({
  node,
  pods: node.occupants,
  left: node.occupants.reduce((left, pod) => subtract(left, pod.requests), node.allocatable),
});

const objection = (pod: PlacedPod, room: Room): string | undefined =>
  nodeObjection(pod, room.node) ?? neighbourObjection(pod, room.pods) ?? shortage(pod.requests, room.left);

const sum = (all: readonly Amounts[]): Record<string, number> => {
  const total: Record<string, number> = {};
  for (const amounts of all) {
    for (const [name, amount] of Object.entries(amounts))
      total[name] = (total[name] ?? 0) + Math.max(0, amount);
  }
  return total;
};

/** The share of everything there is that a pod asks for, by its scarcest resource. */
const weightOf = (pod: PlacedPod, total: Amounts): number =>
  Math.max(
    0,
    ...Object.entries(pod.requests).map(([name, amount]) => amount / Math.max(1, total[name] ?? 0)),
  );

const heaviestFirst = (pods: readonly PlacedPod[], total: Amounts): readonly PlacedPod[] =>
  pods
    .map(pod => ({ pod, weight: weightOf(pod, total) }))
    .sort((a, b) => b.weight - a.weight || compareText(fullName(a.pod), fullName(b.pod)))
    .map(({ pod }) => pod);

/** First fit, heaviest first; the pods for which no room was found. */
const placeAll = (pods: readonly PlacedPod[], start: readonly Room[]): readonly PlacedPod[] => {
  const rooms = [...start];
  return pods.filter(pod => {
    const index = rooms.findIndex(room => objection(pod, room) === undefined);
    const room = rooms[index];
    if (room === undefined) return true;
    rooms[index] = { node: room.node, pods: [...room.pods, pod], left: subtract(room.left, pod.requests) };
    return false;
  });
};

const describeObjections = (pod: PlacedPod, rooms: readonly Room[]): string => {
  const counts = new Map<string, number>();
  for (const room of rooms) {
    const why = objection(pod, room);
    if (why !== undefined) counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  const parts = [...counts].sort(([a], [b]) => compareText(a, b)).map(([why, count]) => `${why} on ${count}`);
  return parts.length === 0 ? "there is no node" : parts.join(", ");
};

const homeless = (pods: readonly PlacedPod[], rooms: readonly Room[]): readonly string[] => {
  const groups = new Map<string, string[]>();
  for (const pod of pods) {
    if (rooms.some(room => objection(pod, room) === undefined)) continue;
    const why = describeObjections(pod, rooms);
    groups.set(why, [...(groups.get(why) ?? []), fullName(pod)]);
  }
  return [...groups].map(([why, names]) => `${describeNames(names)} fit no node: ${why}`);
};

const overdrawn = (pods: readonly PlacedPod[], rooms: readonly Room[]): readonly string[] => {
  const asked = sum(pods.map(pod => pod.requests));
  const left = sum(rooms.map(room => room.left));
  const scarce = Object.keys(asked).filter(name => (asked[name] ?? 0) > (left[name] ?? 0));
  return scarce
    .sort(compareText)
    .map(name => `${pods.length} pods ask for ${name} ${asked[name] ?? 0}, free is ${left[name] ?? 0}`);
};

const notUnderstood = (pods: readonly PlacedPod[]): readonly string[] => {
  const groups = new Map<string, string[]>();
  for (const pod of pods) {
    for (const construct of unknownConstructs(pod)) {
      groups.set(construct, [...(groups.get(construct) ?? []), fullName(pod)]);
    }
  }
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([construct, names]) => `${describeNames(names)}: ${construct} is not part of the proof`);
};

const strangers = (rooms: readonly Room[]): readonly string[] => {
  const names = rooms.flatMap(({ node }) => node.occupants.filter(repelsInUnknownWays).map(fullName));
  return names.length === 0
    ? []
    : [`${describeNames(names)} stay and keep others away by rules that are not part of the proof`];
};

/** Whether the nodes can take all the pods together. Never claims more than first-fit-decreasing shows. */
export const proveCapacity = ({ pods, nodes }: CapacityQuestion): CapacityProof => {
  const rooms = [...nodes].sort((a, b) => compareText(a.name, b.name)).map(roomOf);
  const total = sum(rooms.map(room => room.left));
  const impossible = [...homeless(pods, rooms), ...overdrawn(pods, rooms)];
  if (impossible.length > 0) return { verdict: "IMPOSSIBLE", reasons: impossible };
  const unplaced = placeAll(heaviestFirst(pods, total), rooms);
  const doubts = [
    ...(unplaced.length > 0 ? [`no placement found for ${describeNames(unplaced.map(fullName))}`] : []),
    ...notUnderstood(pods),
    ...strangers(rooms),
  ];
  return doubts.length > 0 ? { verdict: "UNPROVEN", reasons: doubts } : { verdict: "FITS", reasons: [] };
};

import { sumAmounts } from "./room/amounts";
import { type Crowd, gatherCrowd, type Standing } from "./room/crowd";
import { type Alike, compareLikeness } from "./room/likeness";
import { describeNames } from "./names";
import { packPods } from "./room/packing";
import { unknownConstructs } from "./placement";
import type { PlacedPod, PlaceNode } from "./room/places";
import { repelsInUnknownWays } from "./room/podTerms";
import { lastingObjection, openRoom, type Room, shapeOf } from "./room/rooms";
import { compareText } from "./scope";
import { fullName } from "./world";

export interface CapacityQuestion {
  /** Pods that must find another place. */
  readonly pods: readonly PlacedPod[];
  /** Nodes that may take them. */
  readonly nodes: readonly CapacityNode[];
  /** Nodes that stay and take none: their pods still count for affinity and spread. */
  readonly bystanders?: readonly CapacityNode[];
  /** Nodes that are being emptied, with the pods that leave them. */
  readonly leaving?: readonly CapacityNode[];
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
  /** Pods for which no place was found, sorted. */
  readonly homeless?: readonly string[];
  /** Of these: pods whose topology spread still counts nodes that are being emptied, sorted. */
  readonly trapped?: readonly string[];
}

interface Verdicts {
  readonly reasons: readonly string[];
  readonly pods: readonly PlacedPod[];
}

interface House {
  readonly rooms: readonly Room[];
  readonly crowd: Crowd;
  readonly alike: Alike;
}

const push = <T>(table: Map<string, T[]>, key: string, value: T): void => {
  const list = table.get(key);
  if (list === undefined) table.set(key, [value]);
  else list.push(value);
};

/** Why no room takes the pod, by how many rooms say so; undefined as soon as one does. */
const refusals = (pod: PlacedPod, rooms: readonly Room[], crowd: Crowd): string | undefined => {
  const counts = new Map<string, number>();
  for (const room of rooms) {
    const why = lastingObjection(pod, room, crowd);
    if (why === undefined) return undefined;
    counts.set(why, (counts.get(why) ?? 0) + 1);
  }
  const parts = [...counts].sort(([a], [b]) => compareText(a, b)).map(([why, count]) => `${why} on ${count}`);
  return parts.length === 0 ? "there is no node" : parts.join(", ");
};

/** Pods that no node takes even as it is now. Pods that look alike are asked about once. */
const homelessOf = (pods: readonly PlacedPod[], { rooms, crowd, alike }: House): Verdicts => {
  const answers = new Map<string, string | undefined>();
  const groups = new Map<string, PlacedPod[]>();
  for (const pod of pods) {
    const { body, face } = alike(pod);
    const key = `${body} ${face}`;
    if (!answers.has(key)) answers.set(key, refusals(pod, rooms, crowd));
    const why = answers.get(key);
    if (why !== undefined) push(groups, why, pod);
  }
  return {
    pods: [...groups.values()].flat(),
    reasons: [...groups].map(([why, those]) => `${describeNames(those.map(fullName))} fit no node: ${why}`),
  };
};

const overdrawn = (pods: readonly PlacedPod[], rooms: readonly Room[]): readonly string[] => {
  const asked = sumAmounts(pods.map(pod => pod.requests));
  const left = sumAmounts(rooms.map(room => room.left));
  const scarce = Object.keys(asked).filter(name => (asked[name] ?? 0) > (left[name] ?? 0));
  return scarce
    .sort(compareText)
    .map(name => `${pods.length} pods ask for ${name} ${asked[name] ?? 0}, free is ${left[name] ?? 0}`);
};

const notUnderstood = (pods: readonly PlacedPod[]): readonly string[] => {
  const groups = new Map<string, string[]>();
  for (const pod of pods) {
    for (const construct of unknownConstructs(pod)) push(groups, construct, fullName(pod));
  }
  return [...groups]
    .sort(([a], [b]) => compareText(a, b))
    .map(([construct, names]) => `${describeNames(names)}: ${construct} is not part of the proof`);
};

const strangers = (nodes: readonly CapacityNode[]): readonly string[] => {
  const names = nodes.flatMap(({ occupants }) => occupants.filter(repelsInUnknownWays).map(fullName));
  return names.length === 0
    ? []
    : [`${describeNames(names)} stay and keep others away by rules that are not part of the proof`];
};

const namesOf = (pods: readonly PlacedPod[]): readonly string[] => pods.map(fullName).sort(compareText);

const unplacedReasons = (
  unplaced: readonly PlacedPod[],
  trapped: readonly PlacedPod[],
): readonly string[] => [
  ...(unplaced.length > 0 ? [`no placement found for ${describeNames(unplaced.map(fullName))}`] : []),
  ...(trapped.length > 0
    ? [
        `nodes that are being emptied still count in the topology spread of ${describeNames(trapped.map(fullName))}`,
      ]
    : []),
];

const impossible = ({ reasons, pods }: Verdicts): CapacityProof => ({
  verdict: "IMPOSSIBLE",
  reasons,
  ...(pods.length > 0 ? { homeless: namesOf(pods) } : {}),
});

const undecided = (
  unplaced: readonly PlacedPod[],
  trapped: readonly PlacedPod[],
  doubts: readonly string[],
): CapacityProof => ({
  verdict: "UNPROVEN",
  reasons: [...unplacedReasons(unplaced, trapped), ...doubts],
  ...(unplaced.length > 0 ? { homeless: namesOf(unplaced) } : {}),
  ...(trapped.length > 0 ? { trapped: namesOf(trapped) } : {}),
});

const openHouse = ({ pods, nodes, bystanders = [], leaving = [] }: CapacityQuestion): House => {
  const alike = compareLikeness();
  const standing = (node: CapacityNode): Standing => ({ node, pods: node.occupants });
  const crowd = gatherCrowd({
    pods,
    staying: [...nodes, ...bystanders].map(standing),
    leaving: leaving.map(standing),
    alike,
  });
  const rooms = [...nodes]
    .sort((a, b) => compareText(a.name, b.name))
    .map(node => openRoom(node, node.occupants));
  return { rooms, crowd, alike };
};

/**
 * Whether the nodes can take all the pods together. Never claims more than first fit shows, nor equality with the
 * scheduler: it may place them in another order.
 */
export const proveCapacity = (question: CapacityQuestion): CapacityProof => {
  const { pods, nodes, bystanders = [] } = question;
  const house = openHouse(question);
  const { rooms, crowd, alike } = house;
  const homeless = homelessOf(pods, house);
  const scarce = overdrawn(pods, rooms);
  if (homeless.pods.length + scarce.length > 0)
    return impossible({ pods: homeless.pods, reasons: [...homeless.reasons, ...scarce] });
  const total = sumAmounts(rooms.map(room => room.left));
  const unplaced = packPods(pods, { crowd, shapeOf: shapeOf(rooms, alike), total });
  const doubts = [...notUnderstood(pods), ...strangers([...nodes, ...bystanders])];
  return unplaced.length + doubts.length > 0
    ? undecided(unplaced, unplaced.filter(crowd.isTrapped), doubts)
    : { verdict: "FITS", reasons: [] };
};

import { weightOf } from "./amounts";
import type { Crowd } from "./crowd";
import type { Amounts, PlacedPod } from "./places";
import { fullness, occupy, type Room, type Shape } from "./rooms";
import { compareText } from "../scope";
import { fullName } from "../world";

export interface Packing {
  readonly crowd: Crowd;
  readonly shapeOf: (pod: PlacedPod) => Shape;
  readonly total: Amounts;
}

interface Ranked {
  readonly pod: PlacedPod;
  readonly shape: Shape;
  readonly weight: number;
  readonly name: string;
}

/** Those with the fewest places first, then the heaviest: what is easy to place fills what is left. */
const hardestFirst = (a: Ranked, b: Ranked): number =>
  a.shape.rooms.length - b.shape.rooms.length || b.weight - a.weight || compareText(a.name, b.name);

const rank = (pods: readonly PlacedPod[], { shapeOf, total }: Packing): readonly Ranked[] => {
  const weights = new Map<Shape, number>();
  return pods
    .map(pod => {
      const shape = shapeOf(pod);
      const weight = weights.get(shape) ?? weightOf(pod.requests, total);
      weights.set(shape, weight);
      return { pod, shape, weight, name: fullName(pod) };
    })
    .sort(hardestFirst);
};

const findRoom = ({ pod, shape }: Ranked, crowd: Crowd): Room | undefined => {
  const { rooms } = shape;
  for (let index = shape.from; index < rooms.length; index++) {
    const room = rooms[index];
    if (room === undefined) return undefined;
    const isFull = fullness(pod, room) !== undefined;
    if (isFull && index === shape.from) shape.from += 1;
    if (!isFull && crowd.objection(pod, room.node) === undefined) return room;
  }
  return undefined;
};

const placeOnce = (pods: readonly Ranked[], crowd: Crowd): readonly Ranked[] =>
  pods.filter(ranked => {
    const room = findRoom(ranked, crowd);
    if (room === undefined) return true;
    occupy(room, ranked.pod);
    crowd.settle(ranked.pod, room.node);
    return false;
  });

/** First fit. What waits for others to stand somewhere first is tried again. Returns the pods without a place. */
export const packPods = (pods: readonly PlacedPod[], packing: Packing): readonly PlacedPod[] => {
  let unplaced = rank(pods, packing);
  for (;;) {
    const rest = placeOnce(unplaced, packing.crowd);
    if (rest.length === 0 || rest.length === unplaced.length) return rest.map(({ pod }) => pod);
    unplaced = rest;
  }
};

import { type Rest, shortage, take } from "./amounts";
import type { Crowd } from "./crowd";
import type { Alike } from "./likeness";
import { clashingPort, nodeObjection } from "../placement";
import type { HostPort, PlacedPod, PlaceNode } from "./places";

/** A node as it fills up. */
export interface Room {
  readonly node: PlaceNode;
  readonly left: Rest;
  readonly ports: HostPort[];
}

export const openRoom = (node: PlaceNode, occupants: readonly PlacedPod[]): Room => {
  const room: Room = { node, left: { ...node.allocatable }, ports: [] };
  for (const pod of occupants) occupy(room, pod);
  return room;
};

export const occupy = (room: Room, pod: PlacedPod): void => {
  take(room.left, pod.requests);
  room.ports.push(...pod.hostPorts);
};

const portObjection = (pod: PlacedPod, room: Room): string | undefined =>
  pod.hostPorts.some(port => room.ports.some(other => clashingPort(port, other))) ? "host port" : undefined;

/** Why this room can never take the pod again: rooms only get fuller. */
export const fullness = (pod: PlacedPod, room: Room): string | undefined =>
  portObjection(pod, room) ?? shortage(pod.requests, room.left);

/** Why the pod fits nowhere here however well all is arranged, in the order in which it is told. */
export const lastingObjection = (pod: PlacedPod, room: Room, crowd: Crowd): string | undefined =>
  nodeObjection(pod, room.node) ??
  portObjection(pod, room) ??
  crowd.lasting(pod, room.node) ??
  shortage(pod.requests, room.left);

/** Pods that ask the same of a node, and the rooms that may still take one of them. */
export interface Shape {
  readonly rooms: readonly Room[];
  /** Rooms before this one are full for the shape. */
  from: number;
}

/** Shapes are found by what they ask; the nodes that can serve them are looked for once each. */
export const shapeOf = (rooms: readonly Room[], alike: Alike): ((pod: PlacedPod) => Shape) => {
  const shapes = new Map<number, Shape>();
  return pod => {
    const { body } = alike(pod);
    const known = shapes.get(body);
    if (known !== undefined) return known;
    const shape = { rooms: rooms.filter(room => nodeObjection(pod, room.node) === undefined), from: 0 };
    shapes.set(body, shape);
    return shape;
  };
};

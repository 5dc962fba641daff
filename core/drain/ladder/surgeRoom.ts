import { type CapacityQuestion, proveCapacity } from "../capacity";
import type { PlacedPod } from "../placement";
import type { RefusalCode } from "./refusalCode";

/** How many more pods of one kind can be had now, and what sets the limit. */
export interface SurgeRoom {
  readonly pods: number;
  readonly code: RefusalCode;
  /** A clause that says why there are not more. */
  readonly why: string;
}

/** As many as anybody asks for. */
export const AMPLE: SurgeRoom = { pods: Infinity, code: "NO_ROOM", why: "" };

export const scarcest = (rooms: readonly SurgeRoom[]): SurgeRoom =>
  rooms.reduce((least, room) => (room.pods < least.pods ? room : least), AMPLE);

export interface RoomQuestion extends Omit<CapacityQuestion, "pods"> {
  /** What one more pod looks like. */
  readonly like: PlacedPod;
  readonly wanted: number;
  /** Pods that look for a place already: they come first. */
  readonly waiting: readonly PlacedPod[];
}

const copies = (like: PlacedPod, count: number): readonly PlacedPod[] =>
  Array.from({ length: count }, (_, at) => ({ ...like, name: `${like.name} (copy ${at + 1})` }));

/** What the proof does not understand does not count against them: a place was found for each. */
const fits = ({ like, waiting, ...where }: RoomQuestion, count: number): boolean => {
  const { verdict, homeless = [] } = proveCapacity({ ...where, pods: [...waiting, ...copies(like, count)] });
  return verdict !== "IMPOSSIBLE" && homeless.length === 0;
};

/** Most copies, up to those that are wanted, that find a place together. */
export const countFitting = (question: RoomQuestion): number => {
  if (fits(question, question.wanted)) return question.wanted;
  let [some, tooMany] = [0, question.wanted];
  while (tooMany - some > 1) {
    const middle = Math.floor((some + tooMany) / 2);
    if (fits(question, middle)) some = middle;
    else tooMany = middle;
  }
  return some;
};

/** How fast blue was emptied, against T*. Said once for the terminal, the text and the page. */
import type { DrainFigures } from "./facts";

export const SPEED_TITLE = "How fast, against the least time there is";

export const SPEED_NOTE =
  "T* is the time that no drainer beats while it keeps every budget, computed from how many pods of a budget may be down at once, the quickest start of its pods in this run, and how long they take to end. The makespan ends when the last pod has left the old nodes.";

/** The first two are words, the rest numbers. */
export const SPEED_COLUMNS: readonly string[] = [
  "left generation",
  "what binds",
  "pods moved",
  "T*",
  "makespan",
  "makespan / T*",
];

const inSeconds = (value: number): string => `${value.toFixed(1)} s`;

const ratioOf = ({ makespanSeconds, lowerBoundSeconds }: DrainFigures): string =>
  lowerBoundSeconds === 0 ? "none" : (makespanSeconds / lowerBoundSeconds).toFixed(2);

export const speedRow = (drain: DrainFigures): readonly string[] => [
  drain.generation,
  drain.bindingTerm,
  String(drain.moved),
  inSeconds(drain.lowerBoundSeconds),
  inSeconds(drain.makespanSeconds),
  ratioOf(drain),
];

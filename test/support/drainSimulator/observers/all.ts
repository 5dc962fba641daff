import type { MakeObserver } from "../client/stage";
import { emptied, finished, givenBack } from "./endings";
import { guarded, movedOnce, onlyBlue, withinSlots } from "./evictions";
import { floors } from "./floors";
import { prompt, thrifty } from "./thrift";

/** Every law that holds in every story. I8 compares two runs and is a law of its own. */
export const OBSERVERS: readonly MakeObserver[] = [
  onlyBlue,
  withinSlots,
  floors,
  guarded,
  movedOnce,
  emptied,
  givenBack,
  finished,
  thrifty,
  prompt,
];

import type { Transition } from "../../core/drain/transitions";

export interface Stopwatch {
  readonly hear: (transition: Transition) => void;
  /** From the first look to the end of the last pod that left; 0 when none did. */
  readonly seconds: () => number;
}

/** Times what T* bounds: until the nodes are empty. The quiet time and the successors' start come after it. */
export const startStopwatch = (): Stopwatch => {
  let startedAt = 0;
  let emptyAt = 0;
  return {
    hear: transition => {
      if (transition.kind === "started") startedAt = transition.at;
      if (transition.kind === "pod" && transition.to === "gone") emptyAt = transition.at;
    },
    seconds: () => Math.max(0, emptyAt - startedAt) / 1000,
  };
};

import { memoryOf } from "./budgets";
import type { EvictAction } from "./events";
import { closedGuards } from "./guards";
import { compareText } from "./scope";
import type { DrainState } from "./state";
import type { Lane } from "./survey";
import type { PodFact } from "./facts";

/** A budget that has not been timed yet takes about this long to give a slot back. */
const UNKNOWN_CYCLE_MS = 10_000;

/** Time this lane still needs if every slot is used the moment it is free. */
export const remainingChainMs = (state: DrainState, lane: Lane): number =>
  Math.ceil(lane.queue.length / lane.limit) * (memoryOf(state, lane.budget.key).cycleMs ?? UNKNOWN_CYCLE_MS);

const longestFirst =
  (state: DrainState) =>
  (a: Lane, b: Lane): number =>
    remainingChainMs(state, b) - remainingChainMs(state, a) || compareText(a.budget.key, b.budget.key);

const isSingleton = ({ budget }: Lane): boolean => budget.kind === "own" && budget.desired === 1;

const evict = (pod: PodFact, lane: Lane): EvictAction => ({
  kind: "evict",
  uid: pod.uid,
  namespace: pod.namespace,
  name: pod.name,
  node: pod.node ?? "",
  budget: lane.budget.key,
  ...(isSingleton(lane) ? { takesDown: lane.budget.name } : {}),
});

export interface Choice {
  readonly action: EvictAction;
  readonly limit: number;
}

const mayEvict = (state: DrainState): boolean =>
  state.ending === undefined &&
  closedGuards(state.guards).length === 0 &&
  state.now >= state.pressure.holdUntil;

/** One eviction per budget at most, the longest remaining chain first, within what the API server bears. */
export const chooseEvictions = (state: DrainState, lanes: readonly Lane[]): readonly Choice[] => {
  if (!mayEvict(state)) return [];
  const posted = [...state.attempts.values()].filter(attempt => attempt.phase === "posted").length;
  return [...lanes]
    .filter(lane => !lane.inFlight)
    .sort(longestFirst(state))
    .flatMap(lane => {
      const [pod] = lane.ready;
      return pod === undefined ? [] : [{ action: evict(pod, lane), limit: lane.limit }];
    })
    .slice(0, Math.max(0, state.pressure.limit - posted));
};

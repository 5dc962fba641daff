import type { PodFact } from "./facts";
import type { Lane } from "./surveyed";

/** What the cluster itself needs goes after everything else has left blue. */
const CRITICAL = new Set(["system-cluster-critical", "system-node-critical"]);

export const tierOf = ({ priorityClass }: PodFact): number =>
  priorityClass !== undefined && CRITICAL.has(priorityClass) ? 1 : 0;

const inTier = (pods: readonly PodFact[], tier: number): number =>
  pods.reduce((count, pod) => count + Number(tierOf(pod) === tier), 0);

/**
 * The highest tier whose pods may go now. A tier opens when the one before it has left blue; what will never leave
 * (lanes that `isHopeless`) holds nobody up.
 */
export const openTier = (
  tiers: ReadonlyMap<number, number>,
  lanes: Iterable<Lane>,
  isHopeless: (lane: Lane) => boolean,
): number => {
  if (!tiers.has(1)) return 0;
  let first = tiers.get(0) ?? 0;
  if (first === 0) return 1;
  for (const lane of lanes) if (isHopeless(lane)) first -= inTier(lane.queue, 0);
  return first > 0 ? 0 : 1;
};

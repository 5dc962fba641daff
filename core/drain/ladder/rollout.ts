import type { Target } from "./target";

/**
 * What a rollout still waits for, in words; undefined when it is complete. The same test as `kubectl rollout status`.
 */
export const rolloutWaitsFor = (target: Target): string | undefined => {
  const { replicas, generation, observedGeneration, counts, overdue } = target;
  if (observedGeneration < generation) return "its newest spec has not been looked at by the controller";
  if (overdue) return "it has exceeded its progress deadline";
  if (counts.updated < replicas) return `${counts.updated} of ${replicas} pods are new`;
  if (counts.all > counts.updated) return `${counts.all - counts.updated} old pods are still there`;
  if (counts.available < counts.updated)
    return `${counts.available} of ${counts.updated} new pods are available`;
  return undefined;
};

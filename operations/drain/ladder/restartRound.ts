import { rolloutWaitsFor } from "../../../core/drain/ladder/rollout";
import type { LiveLadder, Restart } from "./live";

const isOver = async (live: LiveLadder, { workload, until }: Restart): Promise<boolean> => {
  if (live.now() >= until) return true;
  try {
    const target = await live.read(workload);
    return target === undefined || rolloutWaitsFor(target) === undefined;
  } catch {
    // Nobody knows: it counts as going on, until its time is up.
    return false;
  }
};

/** Forgets the rollouts that are through: what they left is evicted as ever. */
export const restartRound = async (live: LiveLadder): Promise<void> => {
  for (const [key, restart] of live.restarts) if (await isOver(live, restart)) live.restarts.delete(key);
};

import { rolloutWaitsFor } from "../../../core/drain/ladder/rollout";
import { workloadCalled, type World } from "../../../core/drain/world";
import type { LiveLadder } from "./live";

const isOver = async (
  live: LiveLadder,
  world: World,
  [key, until]: readonly [string, number],
): Promise<boolean> => {
  const workload = workloadCalled(key, world);
  if (workload === undefined || live.now() >= until) return true;
  try {
    const target = await live.read(workload);
    return target === undefined || rolloutWaitsFor(target) === undefined;
  } catch {
    // Nobody knows: it counts as going on, until its time is up.
    return false;
  }
};

/** Forgets the rollouts that are through: what they left is evicted as ever. */
export const restartRound = async (live: LiveLadder, world: World): Promise<void> => {
  for (const restart of live.restarts)
    if (await isOver(live, world, restart)) live.restarts.delete(restart[0]);
};

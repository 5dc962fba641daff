import type { PoolChange } from "../../../../operations/ports";
import { findGroup } from "./nodeGroup";
import { suspendedIn } from "./prior";
import { readTag, removeTag, resume, suspend, writeTag } from "./scalingGroup";

/**
 * Evens out zones by ending machines, without a drain and whatever their pods' budgets say:
 * docs.aws.amazon.com/autoscaling/ec2/userguide/as-suspend-resume-processes.html. Green is uneven while it grows.
 */
const PROCESS = "AZRebalance";

/** Tag of the Auto Scaling group that says that it was we who suspended it. */
const OURS = "changeover.dev/rebalance";

/** On record first, so that a kill in between leaves nothing that nobody undoes. What others suspended stays theirs. */
export const suspendRebalance = async (pool: PoolChange): Promise<void> => {
  const group = await findGroup(pool);
  if (group === undefined || suspendedIn(group.scaling).includes(PROCESS)) return;
  await writeTag(pool, group, { key: OURS, value: "suspended" });
  await suspend(pool, group, [PROCESS]);
};

export const resumeRebalance = async (pool: PoolChange): Promise<void> => {
  const group = await findGroup(pool);
  if (group === undefined || readTag(group, OURS) === undefined) return;
  await resume(pool, group, [PROCESS]);
  await removeTag(pool, group, OURS);
};

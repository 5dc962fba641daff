import { TAINT } from "../../../../core/identity/names";
import type { PoolChange, PoolRef } from "../../../../operations/ports";
import { type Change, changeGroup, findGroup, type Group } from "./nodeGroup";
import { describePrior, type Prior, PRIOR_TAG, priorOf, REFILLING, suspendedIn } from "./prior";
import { removeTag, resume, suspend, writeTag } from "./scalingGroup";

/** What the group was goes on record first; then nothing refills it; then no autoscaler may want to, up or down. */
export const closePool = async (pool: PoolChange): Promise<void> => {
  const group = await findGroup(pool);
  if (group === undefined) return;
  if (priorOf(group.scaling) === undefined) await recordPrior(pool, group);
  await suspend(pool, group, REFILLING);
  const { DesiredCapacity: desired = 0, MinSize, MaxSize } = group.scaling;
  const bounds = { minSize: desired, maxSize: Math.max(1, desired) };
  if (MinSize === bounds.minSize && MaxSize === bounds.maxSize) return;
  await changeGroup(pool, { scalingConfig: bounds });
};

/** The template first: what opening refills must not be born unproven. */
export const openPool = async (pool: PoolChange): Promise<void> => {
  const group = await findGroup(pool);
  if (group !== undefined) await giveBack(pool, group, liftTaint(group));
};

export const reopenPool = async (pool: PoolChange): Promise<void> => {
  const group = await findGroup(pool);
  if (group !== undefined) await giveBack(pool, group, {});
};

/** As it was before it was closed, in one change with what else there is to change. The record goes last. */
const giveBack = async (pool: PoolChange, group: Group, also: Change): Promise<void> => {
  const prior = priorOf(group.scaling);
  const change = { ...also, ...restore(group, prior) };
  if (Object.keys(change).length > 0) await changeGroup(pool, change);
  if (prior === undefined) return;
  const ours = REFILLING.filter(name => !prior.suspended.includes(name));
  await resume(pool, group, ours);
  await removeTag(pool, group, PRIOR_TAG);
};

const liftTaint = ({ nodeGroup }: Group): Change => {
  const born = nodeGroup.taints?.filter(({ key }) => key === TAINT.unproven.key) ?? [];
  return born.length === 0 ? {} : { taints: { removeTaints: born } };
};

/** Machines given back while it was closed come back only as far as the least size asks for them. */
const restore = ({ scaling }: Group, prior: Prior | undefined): Change => {
  if (prior === undefined) return {};
  const { min, max } = prior;
  const desiredSize = Math.min(max, Math.max(min, scaling.DesiredCapacity ?? 0));
  return { scalingConfig: { minSize: min, maxSize: max, desiredSize } };
};

const recordPrior = (pool: PoolRef, group: Group): Promise<void> => {
  const { MinSize: min = 0, MaxSize: max = 1 } = group.scaling;
  const value = describePrior({ min, max, suspended: suspendedIn(group.scaling) });
  return writeTag(pool, group, { key: PRIOR_TAG, value });
};

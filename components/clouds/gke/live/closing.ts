import { TAINT } from "../../../../core/identity/names";
import type { PoolChange } from "../../../../operations/ports";
import { findPool, type NodePool, setAutoscaling, setManagement, setTaints } from "./nodePool";
import { closed, type Prior, priorOf } from "./prior";

/** What the pool was goes on record first; then nobody wants another size, and nobody makes a machine anew. */
export const closePool = async (pool: PoolChange): Promise<void> => {
  const found = await findPool(pool);
  if (found === undefined) return;
  await closed.record(pool, priorOf(found));
  if (found.autoscaling?.enabled === true) await setAutoscaling(pool, { enabled: false });
  if (found.management?.autoRepair === true) await setManagement(pool, managed(found, false));
};

/** The template first: what opening lets grow must not be born unproven. */
export const openPool = async (pool: PoolChange): Promise<void> => {
  const found = await findPool(pool);
  if (found === undefined) return;
  await liftTaint(pool, found);
  await giveBack(pool, found);
};

export const reopenPool = async (pool: PoolChange): Promise<void> => {
  const found = await findPool(pool);
  if (found !== undefined) await giveBack(pool, found);
};

/** As it was before it was closed. The record goes last. */
const giveBack = async (pool: PoolChange, found: NodePool): Promise<void> => {
  const prior = await closed.read(pool);
  if (prior === undefined) return;
  await restore(pool, found, prior);
  await closed.forget(pool);
};

const liftTaint = async (pool: PoolChange, { config }: NodePool): Promise<void> => {
  const taints = config?.taints ?? [];
  const kept = taints.filter(({ key }) => key !== TAINT.unproven.key);
  if (kept.length < taints.length) await setTaints(pool, kept);
};

const restore = async (pool: PoolChange, found: NodePool, prior: Prior): Promise<void> => {
  const { autoscaling, autoRepair } = prior;
  if (autoscaling.enabled === true && found.autoscaling?.enabled !== true)
    await setAutoscaling(pool, autoscaling);
  if (autoRepair && found.management?.autoRepair !== true)
    await setManagement(pool, managed(found, autoRepair));
};

const managed = (
  { management = {} }: NodePool,
  autoRepair: boolean,
): { autoRepair: boolean; autoUpgrade: boolean } => ({
  autoRepair,
  autoUpgrade: management.autoUpgrade ?? false,
});

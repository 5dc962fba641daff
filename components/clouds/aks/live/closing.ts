import { TAINT } from "../../../../core/identity/names";
import type { PoolChange } from "../../../../operations/ports";
import { BIRTH_POOL } from "../facts";
import { changePool, deletePoolNamed, findPool, isThere, type PoolProperties } from "./agentPool";
import { type Bounds, boundsOf, withBounds, withoutScaling } from "./bounds";
import { closed, type Prior, priorOf } from "./prior";

/** What the pool was goes on record first; then nobody wants another size. */
export const closePool = async (pool: PoolChange): Promise<void> => {
  const found = await findPool(pool);
  if (found === undefined) return;
  await closed.record(pool, priorOf(found));
  await changePool(pool, now => (boundsOf(now) === undefined ? undefined : withoutScaling(now)));
};

/** Taint and bounds in one change: what opening lets grow must not be born unproven. The record goes last. */
export const openPool = async (pool: PoolChange): Promise<void> => {
  const found = await findPool(pool);
  if (found === undefined) return;
  const prior = await closed.read(pool);
  await changePool(pool, now => opened(now, prior));
  if (prior !== undefined) await closed.forget(pool);
  if (found.mode === "System") await endBirthPool(pool);
};

export const reopenPool = async (pool: PoolChange): Promise<void> => {
  const prior = await closed.read(pool);
  if (prior === undefined) return;
  if ((await findPool(pool)) !== undefined)
    await changePool(pool, now => {
      const bounds = boundsBefore(now, prior);
      return bounds === undefined ? undefined : withBounds(now, bounds);
    });
  await closed.forget(pool);
};

const isUnproven = (taint: string): boolean => taint.startsWith(`${TAINT.unproven.key}=`);

/** `undefined` = it has its own, or had none. */
const boundsBefore = (now: PoolProperties, prior: Prior | undefined): Bounds | undefined =>
  boundsOf(now) === undefined ? prior?.bounds : undefined;

/** Machines given back while it was closed come back only as far as the least size asks for them. */
const opened = (now: PoolProperties, prior: Prior | undefined): PoolProperties | undefined => {
  const nodeTaints = (now.nodeTaints ?? []).filter(taint => !isUnproven(taint));
  const bounds = boundsBefore(now, prior);
  const lifted = nodeTaints.length < (now.nodeTaints ?? []).length;
  if (!lifted && bounds === undefined) return undefined;
  const next = { ...now, nodeTaints };
  return bounds === undefined ? next : withBounds(next, bounds);
};

/** AKS keeps a system pool at all times; from now on that is this one. */
const endBirthPool = async (pool: PoolChange): Promise<void> => {
  if (!(await isThere(pool, BIRTH_POOL))) return;
  pool.log(`deleting agent pool ${BIRTH_POOL}, which AKS needed to make the cluster`);
  await deletePoolNamed(pool, BIRTH_POOL);
};

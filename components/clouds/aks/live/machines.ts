import { type Problem, ProblemError } from "../../../../core/problem";
import type { PoolChange, PoolRef } from "../../../../operations/ports";
import { IMAGE_TAG } from "../facts";
import {
  changePool,
  deleteMachines,
  describePool,
  findPool,
  listMachines,
  mustFind,
  type PoolProperties,
} from "./agentPool";
import { type Bounds, boundsOf, withBounds } from "./bounds";
import { closed } from "./prior";

/** As AKS has it, which its autoscaler may have changed since config was written. Nodes of another image are refused. */
export const poolSize = async (pool: PoolRef): Promise<number | "absent"> => {
  const found = await findPool(pool);
  if (found === undefined) return "absent";
  checkImage(pool, found);
  return found.count ?? 0;
};

/** AKS makes a pool of its newest image, or of a snapshot's: what config names can only be compared. */
const checkImage = (pool: PoolRef, { tags = {}, nodeImageVersion: found }: PoolProperties): void => {
  const wanted = tags[IMAGE_TAG];
  if (wanted === undefined || found === undefined || found === wanted) return;
  throw new ProblemError("another node image", [
    {
      code: "Aks.OtherImage",
      path: `pools.${pool.pool}.image`,
      message: `config names ${wanted}; ${describePool(pool)} runs ${found}. AKS makes a pool of its newest image, or of a snapshot's`,
      fix: `set the pool's image to ${found}, or add a snapshot with ${wanted} to cluster.aks.snapshots and change respin`,
      source: "https://learn.microsoft.com/azure/aks/node-pool-snapshot",
    },
  ]);
};

/** AKS takes no count against its autoscaler: for as long as it takes, both bounds are the count. */
export const resizePool = async (pool: PoolChange, desired: number): Promise<void> => {
  const found = await mustFind(pool);
  const now = found.count ?? 0;
  if (now === desired) return;
  const bounds = boundsOf(found);
  if (bounds === undefined) return resizeFixed(pool, now, desired);
  await changePool(pool, props => withBounds(props, { min: desired, max: Math.max(1, desired) }));
  await changePool(pool, props => withBounds(props, bounds));
};

const resizeFixed = async (pool: PoolChange, now: number, desired: number): Promise<void> => {
  if (desired > now && (await closed.read(pool)) !== undefined)
    throw new ProblemError("the pool is closed", [beingLeft(pool, now, desired)]);
  await changePool(pool, props => ({ ...props, count: desired }));
};

const beingLeft = (pool: PoolRef, now: number, desired: number): Problem => ({
  code: "Aks.PoolClosed",
  path: `pools.${pool.pool}`,
  message: `${describePool(pool)} is being left and can't grow from ${now} to ${desired}`,
  fix: "set the pool's version back to open it again",
});

/** One that is closed keeps its size; its bounds come back from the record when it is opened. */
export const boundPool = (pool: PoolChange, size: Bounds): Promise<void> =>
  changePool(pool, now => {
    const bounds = boundsOf(now);
    const asWanted = bounds === undefined || (bounds.min === size.min && bounds.max === size.max);
    return asWanted ? undefined : withBounds(now, size);
  });

/** A system pool keeps one machine, which goes with the pool: AKS has none without. */
export const releaseNodes = async (pool: PoolChange, nodes: readonly string[]): Promise<void> => {
  const found = nodes.length === 0 ? undefined : await findPool(pool);
  if (found === undefined) return;
  const machines = await listMachines(pool);
  const asked = machines.filter(name => nodes.includes(name));
  const keeps = found.mode === "System" && asked.length === machines.length ? 1 : 0;
  if (asked.length > keeps) await deleteMachines(pool, asked.slice(keeps));
};

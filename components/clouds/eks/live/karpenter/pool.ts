import { isKubeError, type KubeClient } from "../../../../../kube";
import type { PoolChange, PoolRef } from "../../../../../operations/ports";
import { withCluster } from "../access";
import { makeClaims } from "./claims";
import { isClosed, noPool } from "./problems";
import { leaves, listClaims, readPool } from "./objects";
import { releaseClaims } from "./release";
import { closeOthers } from "./siblings";
import { bringTo, standingOf } from "./state";

/* The live half for a pool of Karpenter: all of it is in the cluster's own API. */

const NEVER = new AbortController().signal;

const liveClaims = async (kube: KubeClient, generation: string, signal: AbortSignal) =>
  (await listClaims(kube, generation, signal)).filter(claim => !leaves(claim));

/** Who may not look at NodePools has made none. */
export const hasNodePool = async ({ connection, generation }: PoolRef): Promise<boolean> =>
  (await withCluster(connection, async kube => {
    try {
      return (await readPool(kube, generation, NEVER)) !== undefined;
    } catch (error) {
      if (isKubeError(error, "forbidden")) return false;
      throw error;
    }
  })) === true;

/** Machines that are asked for, whether or not their nodes are there yet. */
export const poolSize = async ({ connection, generation }: PoolRef): Promise<number | "absent"> =>
  (await withCluster(connection, async kube => {
    const pool = await readPool(kube, generation, NEVER);
    return pool === undefined ? "absent" : (await liveClaims(kube, generation, NEVER)).length;
  })) ?? "absent";

/** Once it is open nobody owes it a number of nodes: pods say how many there are. */
export const followsDemand = async ({ connection, generation }: PoolRef): Promise<boolean> =>
  (await withCluster(connection, async kube => {
    const pool = await readPool(kube, generation, NEVER);
    return pool !== undefined && ["open", "held"].includes(standingOf(pool));
  })) === true;

/** Grows only: what is too much is Karpenter's to consolidate once the pool is open. */
export const resizePool = async (pool: PoolChange, size: number): Promise<void> => {
  await withCluster(pool.connection, async kube => {
    const found = await readPool(kube, pool.generation, pool.signal);
    if (found === undefined) throw noPool(pool);
    const now = (await liveClaims(kube, pool.generation, pool.signal)).length;
    if (size <= now) return;
    if (standingOf(found) === "closed") throw isClosed(pool, now, size);
    await makeClaims(kube, pool, size - now);
  });
};

export const releaseNodes = async (pool: PoolChange, nodes: readonly string[]): Promise<void> => {
  await withCluster(pool.connection, kube => releaseClaims(kube, pool, nodes));
};

export const closePool = async ({ connection, generation, signal }: PoolChange): Promise<void> => {
  await withCluster(connection, kube => bringTo(kube, { name: generation, standing: "closed" }, signal));
};

/** The others close in the same breath: one that has no node just now would be found by no label of a node. */
export const openPool = async (pool: PoolChange): Promise<void> => {
  const { connection, generation, signal } = pool;
  await withCluster(connection, async kube => {
    const others = await closeOthers(kube, pool, signal);
    await bringTo(kube, { name: generation, standing: others ? "held" : "open" }, signal);
  });
};

/** The others stay as they are; Karpenter takes nothing of it away while they are there. */
export const reopenPool = async ({ connection, generation, signal }: PoolChange): Promise<void> => {
  await withCluster(connection, async kube => {
    const found = await readPool(kube, generation, signal);
    if (found === undefined || standingOf(found) !== "closed") return;
    await bringTo(kube, { name: generation, standing: "held" }, signal);
  });
};

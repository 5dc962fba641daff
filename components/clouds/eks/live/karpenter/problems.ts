import { ProblemError } from "../../../../../core/problem";
import type { PoolRef } from "../../../../../operations/ports";

type Own = Pick<PoolRef, "pool" | "generation">;

export const noPool = ({ pool, generation }: Own): ProblemError =>
  new ProblemError("no NodePool", [
    {
      code: "Karpenter.NoNodePool",
      path: `pools.${pool}`,
      message: `the cluster has no NodePool ${generation}`,
      fix: "run `pulumi up` again: it makes the NodePool first",
    },
  ]);

export const isClosed = ({ pool, generation }: Own, now: number, wanted: number): ProblemError =>
  new ProblemError("the pool is closed", [
    {
      code: "Karpenter.PoolClosed",
      path: `pools.${pool}`,
      message: `NodePool ${generation} is being left and can't grow from ${now} to ${wanted}`,
      fix: "set the pool's version back to open it again",
    },
  ]);

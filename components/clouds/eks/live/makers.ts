import type { PoolRef } from "../../../../operations/ports";
import { regionOf } from "./access";
import { hasNodePool } from "./karpenter/pool";
import { findGroup } from "./nodeGroup";

/** Who makes a generation's machines never changes, so it is found once a process. */
const known = new Map<string, "group" | "karpenter">();

const keyOf = ({ connection, generation }: PoolRef): string =>
  [regionOf(connection), connection.name, generation].join("/");

/** Where neither is there the answer is not kept: it may be made in a moment. */
const makerOf = async (pool: PoolRef): Promise<"group" | "karpenter"> => {
  const key = keyOf(pool);
  const found = known.get(key);
  if (found !== undefined) return found;
  if ((await findGroup(pool)) !== undefined) known.set(key, "group");
  else if (await hasNodePool(pool)) known.set(key, "karpenter");
  return known.get(key) ?? "group";
};

export const isKarpenters = async (pool: PoolRef): Promise<boolean> => (await makerOf(pool)) === "karpenter";

type Operation<P extends PoolRef, A extends readonly unknown[], R> = (pool: P, ...rest: A) => Promise<R>;

/** The one place that tells a managed node group from a NodePool: each operation goes to whoever makes the machines. */
export const byMachines =
  <P extends PoolRef, A extends readonly unknown[], R>(
    group: Operation<P, A, R>,
    karpenter: Operation<P, A, R>,
  ): Operation<P, A, R> =>
  async (pool, ...rest) =>
    (await isKarpenters(pool)) ? karpenter(pool, ...rest) : group(pool, ...rest);

import { nodeIndex, nodeName } from "./node";
import type { LabPool } from "./record";

/** Which nodes to make and which to take away: the lowest free numbers are filled, the highest given back. */
export const planNodes = (
  pool: Pick<LabPool, "generation" | "desired" | "closed">,
  present: readonly string[],
): { readonly make: readonly number[]; readonly take: readonly string[] } => {
  const { generation, desired, closed } = pool;
  const sorted = [...present].sort((a, b) => nodeIndex(generation, a) - nodeIndex(generation, b));
  const missing = closed ? 0 : Math.max(0, desired - sorted.length);
  const taken = new Set(sorted);
  const make: number[] = [];
  for (let index = 0; make.length < missing; index += 1)
    if (!taken.has(nodeName(generation, index))) make.push(index);
  return { make, take: sorted.slice(desired).reverse() };
};

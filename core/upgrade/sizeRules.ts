import type { Problem } from "../problem";
import type { DesiredPool } from "./cluster";
import type { Rule } from "./situation";

/** A generation that stays in config, and the most nodes it may have from now on. */
interface Bound {
  readonly generation: string;
  readonly max: number;
  readonly path: string;
}

const boundsOf = (pool: DesiredPool, wanted: string | undefined): readonly Bound[] => [
  ...(wanted === undefined
    ? []
    : [{ generation: wanted, max: pool.size.max, path: `pools.${pool.name}.size.max` }]),
  ...pool.retiring.map(({ generation, spec }, index) => ({
    generation,
    max: spec.size.max,
    path: `pools.${pool.name}.retiring.${index}.spec.size.max`,
  })),
];

/** A resize happens in place, and the cloud drains nothing: what it would take away must not be there. */
export const poolsKeepTheirNodes: Rule = ({ desired, nodes }) => {
  const live = new Map<string, number>();
  for (const { generation } of nodes)
    if (generation !== undefined) live.set(generation, (live.get(generation) ?? 0) + 1);
  return {
    blockers: desired.pools
      .flatMap(pool => boundsOf(pool, desired.generations[pool.name]))
      .flatMap(bound => {
        const count = live.get(bound.generation) ?? 0;
        return count > bound.max ? [undrained(bound, count)] : [];
      }),
  };
};

const undrained = ({ generation, max, path }: Bound, count: number): Problem => ({
  code: "Pool.SizeBelowNodes",
  path,
  message: `found ${max} while ${generation} has ${count} nodes; the cloud would take ${count - max} of them away with all that runs there`,
  fix: `set it to ${count} or more; for fewer nodes change respin as well: the workloads then move to a new generation of at most ${max}`,
});

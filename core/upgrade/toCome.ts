import type { ObservedCluster, ObservedNode } from "./cluster";
import { surgeNodes, withinSize } from "./waves";

/** A pool as far as its numbers go; a parsed one fits in. */
export interface GrowingPool {
  readonly name: string;
  readonly remove: boolean;
  readonly hold: boolean;
  readonly adopt?: { readonly generation: string } | undefined;
  readonly size: { readonly min: number; readonly max: number };
  readonly strategy: { readonly poolSurge: number };
}

/** Machines that a run will ask the cloud for, beside all that are there. */
export interface MachinesToCome<P extends GrowingPool> {
  readonly pool: string;
  readonly generation: string;
  /** How many more than now may exist at the same time while the pool moves. */
  readonly count: number;
  readonly spec: P;
}

interface Wanted<P extends GrowingPool> {
  readonly pools: readonly P[];
  /** Pool → id of the generation it shall run on. */
  readonly generations: Readonly<Record<string, string>>;
}

/** What each pool still needs, from what is there: nothing where it already runs on its generation. */
export const machinesToCome = <P extends GrowingPool>(
  { nodes }: Pick<ObservedCluster, "nodes">,
  { pools, generations }: Wanted<P>,
): readonly MachinesToCome<P>[] =>
  pools.flatMap(spec => {
    const generation = generations[spec.name];
    if (generation === undefined || staysAsItIs(spec, generation)) return [];
    const count = countFor(spec, {
      generation,
      nodes: nodes.filter(({ pool }) => pool === spec.name),
    });
    return count === 0 ? [] : [{ pool: spec.name, generation, count, spec }];
  });

/** Adopted machines may not bear their generation's label yet; they are there. */
const staysAsItIs = ({ remove, hold, adopt }: GrowingPool, generation: string): boolean =>
  remove || hold || adopt?.generation === generation;

interface Standing {
  readonly active: number;
  readonly leaving: number;
}

const lackingOf = ({ size }: Pick<GrowingPool, "size">, { active, leaving }: Standing): number =>
  Math.max(0, withinSize(Math.max(leaving, active), size) - active);

/** Nodes that a pool has more of once its move is over: as it starts, and as many as config lets it have. */
export const nodesToGain = (
  pool: GrowingPool,
  generation: string,
  standing: Standing,
): { readonly start: number; readonly most: number } => {
  if (staysAsItIs(pool, generation)) return { start: 0, most: 0 };
  const start = lackingOf(pool, standing);
  return { start, most: Math.max(start, pool.size.max - standing.active) };
};

const countFor = (
  { size, strategy }: GrowingPool,
  { nodes, generation }: { readonly nodes: readonly ObservedNode[]; readonly generation: string },
): number => {
  const active = nodes.filter(node => node.generation === generation).length;
  const leaving = nodes.length - active;
  const target = withinSize(Math.max(leaving, active), size);
  const lacking = lackingOf({ size }, { active, leaving });
  if (strategy.poolSurge === 100 || leaving === 0) return lacking;
  const room = target + surgeNodes(target, strategy.poolSurge) - leaving - active;
  return Math.max(0, Math.min(lacking, room));
};

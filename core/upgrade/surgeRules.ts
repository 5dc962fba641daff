import type { Problem } from "../problem";
import type { DesiredPool } from "./cluster";
import type { Rule, Situation } from "./situation";
import { surgeNodes } from "./waves";

/** Said before anything moves: what a move in waves costs whoever wants to go back in the middle of it. */
export const wavesGiveMachinesBack: Rule = situation => ({
  warnings: situation.desired.pools.filter(isInWaves).flatMap(pool => warn(pool, situation)),
});

const isInWaves = ({ strategy, remove, hold }: DesiredPool): boolean =>
  strategy.poolSurge < 100 && !remove && !hold;

const warn = (pool: DesiredPool, { desired, nodes }: Situation): Problem[] => {
  const wanted = desired.generations[pool.name];
  const leaving = nodes.filter(node => node.pool === pool.name && node.generation !== wanted).length;
  if (leaving === 0) return [];
  const surge = surgeNodes(leaving, pool.strategy.poolSurge);
  const waves = Math.ceil(leaving / surge);
  return [
    {
      code: "Pool.MovesInWaves",
      path: `pools.${pool.name}.strategy.poolSurge`,
      message: `${pool.strategy.poolSurge}% of ${leaving} nodes: ${pool.name} moves in ${waves} waves of at most ${surge} nodes, and emptied machines are given back after each but the last; going back would have to start up to ${leaving - surge} of them again`,
      fix: "nothing, if that is what you want; poolSurge: 100% keeps every old machine until the move is validated",
    },
  ];
};

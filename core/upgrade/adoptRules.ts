import type { Problem } from "../problem";
import type { DesiredPool } from "./cluster";
import type { Rule, Situation } from "./situation";

/**
 * Adopted machines are in Pulumi's state from the pool's first `up` on. A pool that moved on before it would leave them
 * behind: emptied, paid for, and nobody's to delete.
 */
export const adoptedComesFirst: Rule = situation => ({
  blockers: situation.desired.pools.flatMap(pool => tooEarly(pool, situation)),
});

const tooEarly = (pool: DesiredPool, { desired, observed, nodes }: Situation): Problem[] => {
  const adopted = pool.adopt?.generation;
  const wanted = desired.generations[pool.name];
  if (adopted === undefined || adopted === wanted || observed.ledger.pools[pool.name] !== undefined)
    return [];
  if (!nodes.some(({ generation }) => generation === adopted)) return [];
  return [
    {
      code: "Pool.AdoptedComesFirst",
      path: `pools.${pool.name}`,
      message: `the adopted nodes are ${adopted}, which no \`up\` has taken over yet, and config asks for ${wanted ?? "none"}: they would be left behind`,
      fix: `restore pools.${pool.name} as \`changeover adopt\` wrote it and run \`pulumi up\`; then change it`,
    },
  ];
};

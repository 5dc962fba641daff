import type { Problem } from "../problem";
import type { DesiredPool } from "./cluster";
import type { Rule } from "./situation";

/**
 * In staged mode the generation in use may only be left by listing it: a plain edit, or a plain revert of the commit,
 * would delete it in the same `up`. The refusal prints the entry to write.
 */
export const stagedLeavesByListing: Rule = ({ desired, observed, nodes }) => {
  const present = new Set(nodes.flatMap(({ generation }) => generation ?? []));
  return {
    blockers: desired.pools.filter(isStaged).flatMap(pool => {
      const active = observed.ledger.pools[pool.name]?.active;
      const wanted = desired.generations[pool.name];
      if (active === undefined || wanted === undefined || active === wanted || !present.has(active))
        return [];
      if (pool.retiring.some(({ generation }) => generation === active)) return [];
      return [present.has(wanted) ? plainRevert(pool, active, wanted) : oneShot(pool, active, wanted)];
    }),
  };
};

const isStaged = ({ strategy, remove }: DesiredPool): boolean => strategy.kind === "staged" && !remove;

const plainRevert = ({ name }: DesiredPool, active: string, wanted: string): Problem => ({
  code: "Pool.StagedRevert",
  path: `pools.${name}.retiring`,
  message: `going back to ${wanted} by a plain revert would delete ${active}, which serves now; in staged mode going back is a swap`,
  fix: `keep ${active} in config: under pools.${name}.retiring write {generation: ${active}, spec: <its settings>, drainPercent: 100%}; \`changeover rollback\` writes it`,
});

const oneShot = ({ name }: DesiredPool, active: string, wanted: string): Problem => ({
  code: "Pool.StagedOneShot",
  path: `pools.${name}.retiring`,
  message: `moving to ${wanted} in one step would delete ${active}, which serves now; a staged pool goes in reviewed steps`,
  fix: `keep ${active} in config: \`changeover retire ${name}\` writes the entry under pools.${name}.retiring with the new version`,
});

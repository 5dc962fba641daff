import type { Problem } from "../problem";
import { blockOf, type PoolSpec } from "./pools";

type Named = Pick<PoolSpec, "name" | "block">;
type Rename = (text: string) => string;

/**
 * The same problems in the words of the file: settings of a zone's pool stand in its block, and what is true of all
 * zones is told once. A list under `retiring` is the block's, so the place of an entry in it is left out.
 */
export const asWritten = (pools: readonly Named[], problems: readonly Problem[]): readonly Problem[] => {
  const zoned = pools.filter(({ block }) => block !== undefined);
  if (zoned.length === 0) return problems;
  const rename: Rename = text => zoned.reduce((before, pool) => renameIn(before, pool), text);
  const renamed = problems.map(problem => ({
    ...problem,
    path: rename(problem.path),
    message: rename(problem.message),
    fix: rename(problem.fix),
  }));
  return [...new Map(renamed.map(problem => [JSON.stringify(problem), problem])).values()];
};

const renameIn = (text: string, pool: Named): string =>
  text
    .replaceAll(
      new RegExp(`(pools\\.|changeover (?:hold|retire) )${pool.name}(?![a-z0-9-])`, "g"),
      `$1${blockOf(pool)}`,
    )
    .replaceAll(new RegExp(`(pools\\.${blockOf(pool)}\\.retiring)\\.\\d+(?:\\.\\w+)*`, "g"), "$1");

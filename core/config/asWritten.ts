import type { Problem } from "../problem";
import { blockOf, type PoolSpec } from "./pools";

type Named = Pick<PoolSpec, "name" | "block">;

/**
 * The same problems in the words of the file: settings of a zone's pool stand in its block, and what is true of all
 * zones is told once. A list under `retiring` is the block's, so the place of an entry in it is left out.
 */
export const asWritten = (pools: readonly Named[], problems: readonly Problem[]): readonly Problem[] => {
  const blocks = new Map(
    pools.filter(({ block }) => block !== undefined).map(pool => [pool.name, blockOf(pool)]),
  );
  if (blocks.size === 0) return problems;
  const renamed = problems.map(problem => ({
    ...problem,
    path: rename(blocks, problem.path),
    message: rename(blocks, problem.message),
    fix: rename(blocks, problem.fix),
  }));
  return [...new Map(renamed.map(problem => [JSON.stringify(problem), problem])).values()];
};

/** Where config or a command's argument names a pool; all in one pass, as one block may be called as another's pool. */
const NAMED = /(pools\.|changeover (?:hold|retire) )([a-z0-9-]+)/g;
const ENTRY = /(pools\.([a-z0-9-]+)\.retiring)\.\d+(?:\.\w+)*/g;

const rename = (blocks: ReadonlyMap<string, string>, text: string): string =>
  text
    .replaceAll(ENTRY, (found: string, list: string, name: string) => (blocks.has(name) ? list : found))
    .replaceAll(NAMED, (_found: string, before: string, name: string) => before + (blocks.get(name) ?? name));

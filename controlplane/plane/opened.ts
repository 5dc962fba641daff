import { isDeepStrictEqual } from "node:util";
import { join } from "node:path";
import { readJson, writeJson } from "../files";
import type { ProcessOrder, SeenProcess } from "../process/launch";

const openedPath = (dir: string, role: string): string => join(dir, "run", `${role}.opened.json`);

/** Written before the balancer sends the first connection: from then on clients may have used this version's API. */
export const noteOpened = (dir: string, { role, note }: ProcessOrder): void =>
  writeJson(openedPath(dir, role), note ?? {});

const wasOpened = (dir: string, { role, note }: ProcessOrder): boolean =>
  isDeepStrictEqual(readJson(openedPath(dir, role)), note ?? {});

/**
 * Leaves out a server that ended before any client could reach it in its version: nothing was moved by it. Where that
 * would leave none, all count, since unknown is never taken for harmless.
 */
export const thoseThatServed = (
  dir: string,
  seen: readonly (SeenProcess | undefined)[],
): readonly (SeenProcess | undefined)[] => {
  const served = seen.filter(found => found !== undefined && (found.alive || wasOpened(dir, found.order)));
  return served.length > 0 ? served : seen;
};

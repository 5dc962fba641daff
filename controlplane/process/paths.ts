import { mkdirSync } from "node:fs";
import { join } from "node:path";

/** Where a folder of processes keeps what it knows about each of them. */
export const processPaths = (
  dir: string,
  role: string,
): { readonly order: string; readonly pid: string; readonly log: string } => ({
  order: join(dir, "run", `${role}.json`),
  pid: join(dir, "run", `${role}.pid`),
  log: join(dir, "log", `${role}.log`),
});

export const ensureProcessFolders = (dir: string): void => {
  for (const name of ["run", "log"]) mkdirSync(join(dir, name), { recursive: true, mode: 0o700 });
};

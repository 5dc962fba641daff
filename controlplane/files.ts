import { randomUUID } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";

const isMissing = (error: unknown): boolean => {
  const code = (error as NodeJS.ErrnoException).code;
  return code === "ENOENT" || code === "ENOTDIR";
};

/** A reader sees the old text or the new one, never half of it, whoever is killed when. */
export const writeAtomic = (path: string, text: string, mode = 0o600): void => {
  const beside = `${path}.${randomUUID()}.new`;
  try {
    writeFileSync(beside, text, { mode, flush: true });
    renameSync(beside, path);
  } catch (error) {
    rmSync(beside, { force: true });
    throw error;
  }
};

/** `undefined` where there is no such file. */
export const readText = (path: string): string | undefined => {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
};

/** `undefined` where there is no such file, or where what is there is not JSON. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- files of our own folder: the caller names what it wrote there
export const readJson = <T>(path: string): T | undefined => {
  const text = readText(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as T;
  } catch {
    return undefined;
  }
};

export const writeJson = (path: string, value: unknown): void =>
  writeAtomic(path, `${JSON.stringify(value, undefined, 2)}\n`);

import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ExecAccess, kubeconfigText } from "./kubeconfigText";

let folder: string | undefined;

/** One folder a process, which only its user may read and which goes with it: what it holds can be asked for again. */
const ownFolder = (): string => {
  if (folder !== undefined) return folder;
  const made = mkdtempSync(join(tmpdir(), "changeover-access-"));
  process.once("exit", () => rmSync(made, { recursive: true, force: true }));
  folder = made;
  return made;
};

/** @returns the path; named by its content, so that a cluster that moved or was made anew is another file. */
export const keepKubeconfig = (access: ExecAccess): string => {
  const text = kubeconfigText(access);
  const file = join(ownFolder(), `${createHash("sha256").update(text).digest("hex").slice(0, 16)}.json`);
  if (existsSync(file)) return file;
  writeFileSync(`${file}.new`, text, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return file;
};

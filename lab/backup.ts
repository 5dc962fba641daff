import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { compareRestored, snapshot, type RestoredComparison, type RunOptions } from "../controlplane";
import { labDir, planeDir } from "./home";

export interface LabBackup {
  readonly file: string;
  readonly takenAt: string;
}

/** A lab is small and short-lived: enough to look back a few upgrades. */
const KEPT = 5;
const SUFFIX = ".snapshot";

const backupsDir = (name: string): string => join(labDir(name), "backups");

const dropOld = (dir: string): void => {
  const files = readdirSync(dir)
    .filter(file => file.endsWith(SUFFIX))
    .sort();
  for (const old of files.slice(0, -KEPT)) rmSync(join(dir, old), { force: true });
};

const runOptions = (signal: AbortSignal): RunOptions => ({ progress: () => undefined, signal });

/** Saves the lab's etcd beside it. */
export const takeLabBackup = async (name: string, signal: AbortSignal): Promise<LabBackup> => {
  const takenAt = new Date().toISOString();
  const dir = backupsDir(name);
  const { file } = await snapshot(
    planeDir(name),
    join(dir, takenAt.replaceAll(":", "-") + SUFFIX),
    runOptions(signal),
  );
  dropOld(dir);
  return { file, takenAt };
};

/** Restores a backup into an etcd and an apiserver of its own and compares it with the lab at the backup's moment. */
export const proveLabBackup = (
  name: string,
  file: string,
  signal: AbortSignal,
): Promise<RestoredComparison> => compareRestored(planeDir(name), file, runOptions(signal));

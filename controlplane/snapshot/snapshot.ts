import { mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { ProblemError } from "../../core/problem";
import type { RunOptions } from "../plane/spec";
import { etcdctl, etcdutl } from "./etcdTools";

export interface Snapshot {
  readonly file: string;
  /** etcd's revision at the moment of the snapshot: what the API calls a resource version. */
  readonly revision: number;
  readonly keys: number;
  readonly bytes: number;
}

interface SnapshotStatus {
  readonly revision: number;
  readonly totalKey: number;
  readonly totalSize: number;
}

const parseStatus = (lines: readonly string[]): SnapshotStatus | undefined => {
  const line = lines.find(text => text.startsWith("{"));
  if (line === undefined) return undefined;
  const status = JSON.parse(line) as Partial<SnapshotStatus>;
  return typeof status.revision === "number" ? (status as SnapshotStatus) : undefined;
};

/** What a snapshot file says about itself. */
export const readSnapshot = async (file: string, options: RunOptions): Promise<Snapshot> => {
  const status = parseStatus(await etcdutl(["snapshot", "status", file, "--write-out=json"], options));
  if (status === undefined)
    throw new ProblemError("the snapshot cannot be read", [
      {
        code: "ControlPlane.BadSnapshot",
        path: file,
        message: "etcdutl gave no revision for this file",
        fix: "take a new snapshot",
      },
    ]);
  return { file, revision: status.revision, keys: status.totalKey, bytes: statSync(file).size };
};

/** Saves all data of the control plane in `dir` to `file`, which appears only when it is whole. */
export const snapshot = async (dir: string, file: string, options: RunOptions): Promise<Snapshot> => {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  const part = `${file}.${process.pid}.part`;
  try {
    await etcdctl(dir, ["snapshot", "save", part], options);
    renameSync(part, file);
  } finally {
    rmSync(part, { force: true });
    rmSync(`${part}.part`, { force: true });
  }
  return readSnapshot(file, options);
};

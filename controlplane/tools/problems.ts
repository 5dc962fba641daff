import { ProblemError, type Problem } from "../../core/problem";
import { toolLabel, type ToolLock } from "./lock";

/**
 * The official release can't be had from here: a reason to build instead, never an error of its own.
 * A release that arrives but is wrong (checksum, version) is a ProblemError: falling back would hide it.
 */
export class ReleaseUnavailable extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = "ReleaseUnavailable";
  }
}

const refusal = (entry: ToolLock, problem: Problem): ProblemError =>
  new ProblemError(`${toolLabel(entry)} could not be installed`, [problem]);

export interface ChecksumMismatch {
  readonly url: string;
  readonly found: string;
  readonly wanted: string;
}

export const checksumMismatch = (entry: ToolLock, { url, found, wanted }: ChecksumMismatch): ProblemError =>
  refusal(entry, {
    code: "Tools.ChecksumMismatch",
    path: url,
    message: `the file has SHA-256 ${found}, its publisher (or our lock) says ${wanted}; it was deleted`,
    fix: "run it again; if it happens twice, find out what stands between this machine and the publisher (proxy, mirror) before trusting it",
  });

export const diskFull = (entry: ToolLock, path: string, needed?: string): ProblemError =>
  refusal(entry, {
    code: "Tools.DiskFull",
    path,
    message: `no space left on the disk of the tool cache or of Go's build cache${needed === undefined ? "" : `; ${needed}`}`,
    fix: "free some space, or put the cache on another disk with CHANGEOVER_CACHE (and Go's with GOCACHE); nothing half-done was kept",
  });

export const wrongVersion = (entry: ToolLock, program: string, said: string): ProblemError =>
  refusal(entry, {
    code: "Tools.WrongVersion",
    path: program,
    message: `asked for its version it said ${JSON.stringify(said)}; the lock says ${entry.version}`,
    fix: "run it again; if it stays, the lock file and the release (or the Go module) disagree: report it",
  });

export const buildFailed = (entry: ToolLock, lastLines: string): ProblemError =>
  refusal(entry, {
    code: "Tools.BuildFailed",
    path: `controlplane/tools/modules/${entry.id}`,
    message: `go build ended with an error:\n${lastLines}`,
    fix: "if it can't download modules, set GOPROXY to a module proxy you can reach; what was compiled is kept, so running it again goes on from there",
  });

export const noWay = (entry: ToolLock, whyNoRelease: string, whyNoBuild: string): ProblemError =>
  refusal(entry, {
    code: "Tools.NoWayToInstall",
    path: entry.id,
    message: `no official release (${whyNoRelease}), and it can't be built here (${whyNoBuild})`,
    fix: `either give this machine access to the release pages (a proxy in HTTPS_PROXY, or a mirror in CHANGEOVER_RELEASE_MIRROR), or install Go ${entry.build.goAtLeast} or newer (https://go.dev/dl) so that it is on PATH`,
    source: "https://go.dev/dl",
  });

export const insecureMirror = (mirror: string): ProblemError =>
  new ProblemError("the release mirror can't be used", [
    {
      code: "Tools.InsecureMirror",
      path: "CHANGEOVER_RELEASE_MIRROR",
      message: `${JSON.stringify(mirror)} is not an https address, nor http on the loopback interface`,
      fix: "use an https address: checksums come from the mirror too, so nobody on the way may be able to change them",
    },
  ]);

export const waitedTooLong = (entry: ToolLock, holder: string): ProblemError =>
  refusal(entry, {
    code: "Tools.LockHeld",
    path: entry.id,
    message: `${holder} has been installing it for too long`,
    fix: "look at that process; end it if it hangs, then run this again",
  });

export const lockLost = (entry: ToolLock, reason: string): ProblemError =>
  refusal(entry, {
    code: "Tools.LockLost",
    path: entry.id,
    message: `the lock on the cache was taken over while we worked (${reason}); this happens when the machine sleeps`,
    fix: "run it again; what was downloaded or compiled so far is used",
  });

/** `code` of a system error. By shape, not by class: errors of Node.js itself may come from another realm. */
export const errorCode = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "code" in error && typeof error.code === "string"
    ? error.code
    : undefined;

/** No space, or no quota, wherever the error came from. */
export const isDiskFull = (error: unknown): boolean => ["ENOSPC", "EDQUOT"].includes(errorCode(error) ?? "");

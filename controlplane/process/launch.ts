import { spawn } from "node:child_process";
import { closeSync, openSync, renameSync, rmSync, statSync } from "node:fs";
import { readText, readJson, writeJson } from "../files";
import { waitFor } from "../wait";
import { isAlive, parsePidFile, type ProcessIdentity } from "./identity";
import { ensureProcessFolders, processPaths } from "./paths";

/** What should run under a role. `program` and `args` say what it is; `command` only where it lies on this machine. */
export interface ProcessOrder {
  readonly role: string;
  /** Name and version: `kube-apiserver@1.36.4`. */
  readonly program: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly port: number;
  /** Facts for the reader, not part of what runs. */
  readonly note?: Readonly<Record<string, string>>;
}

export interface SeenProcess {
  readonly order: ProcessOrder;
  readonly identity?: ProcessIdentity;
  readonly alive: boolean;
}

/**
 * The child itself notes who it is before it becomes the program: so there is no moment at which it runs and, were
 * its parent killed, nobody could find it again.
 */
const NOTE_THEN_BECOME =
  '{ echo "$$"; cat "/proc/$$/stat" 2>/dev/null || LC_ALL=C ps -o lstart= -p "$$"; } >"$0.new" && mv -f "$0.new" "$0" && exec "$@"';
const NOTE_DEADLINE_MS = 10_000;
const LARGEST_LOG = 20 * 1024 * 1024;

/** Nothing else of the caller's environment: it may hold passphrases, and proxies make no sense on loopback. */
const PASSED_ON = ["PATH", "HOME", "TMPDIR", "SYSTEMROOT"];

const environment = (order: ProcessOrder): NodeJS.ProcessEnv => {
  const kept = PASSED_ON.map(name => [name, process.env[name]] as const).filter(
    ([, value]) => value !== undefined,
  );
  return { ...Object.fromEntries(kept), ...order.env };
};

const openLog = (path: string): number => {
  if ((statSync(path, { throwIfNoEntry: false })?.size ?? 0) > LARGEST_LOG) renameSync(path, `${path}.old`);
  return openSync(path, "a", 0o600);
};

const spawnDetached = (dir: string, order: ProcessOrder): void => {
  const paths = processPaths(dir, order.role);
  const log = openLog(paths.log);
  try {
    const child = spawn("/bin/sh", ["-c", NOTE_THEN_BECOME, paths.pid, order.command, ...order.args], {
      cwd: dir,
      env: environment(order),
      detached: true,
      stdio: ["ignore", log, log],
    });
    // A shell that cannot be started leaves no note: the wait for the note tells.
    child.on("error", () => undefined);
    child.unref();
  } finally {
    closeSync(log);
  }
};

export const readProcess = (dir: string, role: string): SeenProcess | undefined => {
  const paths = processPaths(dir, role);
  const order = readJson<ProcessOrder>(paths.order);
  if (order === undefined) return undefined;
  const note = readText(paths.pid);
  const identity = note === undefined ? undefined : parsePidFile(note);
  if (identity === undefined) return { order, alive: false };
  return { order, identity, alive: isAlive(identity) };
};

/** Starts the program detached from us and returns who it is. The caller has made sure that its predecessor is gone. */
export const launch = async (
  dir: string,
  order: ProcessOrder,
  signal: AbortSignal,
): Promise<ProcessIdentity> => {
  ensureProcessFolders(dir);
  const paths = processPaths(dir, order.role);
  rmSync(paths.pid, { force: true });
  writeJson(paths.order, order);
  spawnDetached(dir, order);
  const look = (): ProcessIdentity | undefined => {
    const note = readText(paths.pid);
    return note === undefined ? undefined : parsePidFile(note);
  };
  return waitFor(look, { signal, deadlineMs: NOTE_DEADLINE_MS, fastestMs: 2 }, () => ({
    code: "ControlPlane.NotStarted",
    path: order.role,
    message: `${order.program} could not be started at all: its shell did not come up within ${NOTE_DEADLINE_MS / 1000} s`,
    fix: `see ${paths.log}, and check that this user may start more processes`,
  }));
};

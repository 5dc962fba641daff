import { rmSync } from "node:fs";
import { waitFor } from "../wait";
import { isAlive, type ProcessIdentity } from "./identity";
import { readProcess } from "./launch";
import { processPaths } from "./paths";

const KILL_DEADLINE_MS = 10_000;

const send = (identity: ProcessIdentity, signal: NodeJS.Signals): void => {
  if (!isAlive(identity)) return;
  try {
    process.kill(identity.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
  }
};

const waitGone = async (
  identity: ProcessIdentity,
  deadlineMs: number,
  signal: AbortSignal,
): Promise<void> => {
  await waitFor(
    () => (isAlive(identity) ? undefined : true),
    { signal, deadlineMs, slowestMs: 100 },
    () => ({
      code: "ControlPlane.NotStopped",
      path: `process ${identity.pid}`,
      message: `process ${identity.pid} is still there after ${deadlineMs / 1000} s`,
      fix: `end it by hand: kill -9 ${identity.pid}`,
    }),
  );
};

export interface StopOptions {
  /** How long it may take to end by itself before it is killed. */
  readonly graceMs: number;
  readonly signal: AbortSignal;
}

/** Ends a process: asked first, killed after its grace; already gone is fine. */
const stopProcess = async (identity: ProcessIdentity, options: StopOptions): Promise<void> => {
  send(identity, "SIGTERM");
  try {
    await waitGone(identity, options.graceMs, options.signal);
  } catch {
    options.signal.throwIfAborted();
    send(identity, "SIGKILL");
    await waitGone(identity, KILL_DEADLINE_MS, options.signal);
  }
};

/** Ends whatever runs under a role, and forgets it. */
export const stopRole = async (dir: string, role: string, options: StopOptions): Promise<void> => {
  const seen = readProcess(dir, role);
  if (seen?.identity !== undefined) await stopProcess(seen.identity, options);
  rmSync(processPaths(dir, role).pid, { force: true });
};

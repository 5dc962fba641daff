import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import lockfile from "proper-lockfile";
import { ProblemError } from "../core/problem";
import type { RunOptions } from "./plane/spec";

const STALE_MS = 10_000;
const UPDATE_MS = 2_000;
const LOOK_EVERY_MS = 200;
const SAY_AFTER_MS = 2_000;
const DEADLINE_MS = 15 * 60 * 1000;

const lockPath = (dir: string): string => join(dir, "converge.lock");

type Release = () => Promise<void>;

const tryLock = async (dir: string, onLost: (error: Error) => void): Promise<Release | undefined> => {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  try {
    return await lockfile.lock(dir, {
      lockfilePath: lockPath(dir),
      stale: STALE_MS,
      update: UPDATE_MS,
      onCompromised: onLost,
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // ENOENT: the folder went between its making and the lock, by somebody's `down`.
    if (code === "ELOCKED" || code === "ENOENT") return undefined;
    throw error;
  }
};

const busy = (dir: string): ProblemError =>
  new ProblemError("another command holds this control plane", [
    {
      code: "ControlPlane.Busy",
      path: dir,
      message: `another command has been working on it for more than ${DEADLINE_MS / 60_000} minutes`,
      fix: "wait for it, or end it; its lock is given up by itself within seconds of its end",
    },
  ]);

const takeLock = async (
  dir: string,
  options: RunOptions,
  onLost: (error: Error) => void,
): Promise<Release> => {
  const started = Date.now();
  let said = false;
  for (;;) {
    options.signal.throwIfAborted();
    const release = await tryLock(dir, onLost);
    if (release !== undefined) return release;
    const waited = Date.now() - started;
    if (waited > DEADLINE_MS) throw busy(dir);
    if (!said && waited > SAY_AFTER_MS) {
      options.progress(`waiting for another command that works on ${dir}`);
      said = true;
    }
    await delay(LOOK_EVERY_MS, undefined, { signal: options.signal });
  }
};

/**
 * Runs `work` while no other caller works on the same folder. The lock of a killed caller goes stale within seconds;
 * losing ours (a machine that slept) aborts the work through the signal it is given.
 */
export const exclusively = async <T>(
  dir: string,
  options: RunOptions,
  work: (options: RunOptions) => Promise<T>,
): Promise<T> => {
  const lost = new AbortController();
  const release = await takeLock(dir, options, error => lost.abort(error));
  try {
    return await work({ ...options, signal: AbortSignal.any([options.signal, lost.signal]) });
  } finally {
    // The folder may be gone by now, and the lock with it.
    await release().catch(() => undefined);
  }
};

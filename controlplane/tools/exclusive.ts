import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { lock } from "proper-lockfile";
import { toolHome } from "./cache";
import { toolLabel, type ToolLock } from "./lock";
import { errorCode, lockLost, waitedTooLong } from "./problems";
import { startPace } from "./progress";

export interface ToolOptions {
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

const STALE_MS = 20_000;
const TOUCH_MS = 5_000;
const POLL_MS = 250;
const LONGEST_WAIT_MS = 2 * 60 * 60 * 1000;
const REPEAT_SECONDS = 15;

const ownerFile = (entry: ToolLock): string => `${toolHome(entry)}.owner`;

const describeHolder = async (entry: ToolLock): Promise<string> => {
  const pid = await readFile(ownerFile(entry), "utf8").catch(() => "");
  if (pid.trim() === String(process.pid)) return "another part of this process";
  return pid === "" ? "another process" : `process ${pid.trim()}`;
};

type Release = () => Promise<void>;

/** Undefined when somebody else holds it. A lock whose holder died is stale after 20 s and taken over. */
const tryLock = async (entry: ToolLock, onLost: (reason: Error) => void): Promise<Release | undefined> => {
  try {
    const options = { realpath: false, stale: STALE_MS, update: TOUCH_MS, retries: 0, onCompromised: onLost };
    return await lock(toolHome(entry), options);
  } catch (error) {
    if (errorCode(error) === "ELOCKED") return undefined;
    throw error;
  }
};

const waitForLock = async (
  entry: ToolLock,
  options: ToolOptions,
  onLost: (reason: Error) => void,
): Promise<Release> => {
  const deadline = Date.now() + LONGEST_WAIT_MS;
  const mayTell = startPace(REPEAT_SECONDS, () => Date.now() / 1000);
  for (;;) {
    const release = await tryLock(entry, onLost);
    if (release !== undefined) return release;
    const holder = await describeHolder(entry);
    if (Date.now() > deadline) throw waitedTooLong(entry, holder);
    if (mayTell()) options.progress(`${toolLabel(entry)}: ${holder} is already getting it; waiting`);
    await pause(POLL_MS, undefined, { signal: options.signal });
  }
};

/** One installer per tool on this machine at a time, across processes. `work` gets a signal that also ends with the lock. */
export const withToolLock = async <T>(
  entry: ToolLock,
  options: ToolOptions,
  work: (options: ToolOptions) => Promise<T>,
): Promise<T> => {
  const lost = new AbortController();
  await mkdir(dirname(toolHome(entry)), { recursive: true });
  const release = await waitForLock(entry, options, reason => lost.abort(lockLost(entry, reason.message)));
  try {
    await writeFile(ownerFile(entry), String(process.pid));
    return await work({ ...options, signal: AbortSignal.any([options.signal, lost.signal]) });
  } finally {
    if (!lost.signal.aborted) {
      await rm(ownerFile(entry), { force: true });
      await release();
    }
  }
};

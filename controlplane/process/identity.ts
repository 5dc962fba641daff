import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readText } from "../files";

/** A process, not just a number: the system gives pids out again, with another start. */
export interface ProcessIdentity {
  readonly pid: number;
  readonly started: string;
}

const GONE_STATES = new Set(["Z", "X", "x"]);
/** Fields 20 and 22 of /proc/PID/stat (proc_pid_stat(5)), counted behind the name, which may hold blanks. */
const THREADS_FIELD = 17;
const START_FIELD = 19;

/**
 * The start as the kernel's line about a process gives it; `undefined` for one that only waits to be reaped. A killed
 * process whose first thread ended before the others still holds its files and ports: it is not gone yet.
 */
export const parseStat = (stat: string): string | undefined => {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const [state] = fields;
  const ended = state === undefined || GONE_STATES.has(state);
  return ended && Number(fields[THREADS_FIELD] ?? 0) <= 1 ? undefined : fields[START_FIELD];
};

const askPs = (pid: number): string | undefined => {
  try {
    const line = execFileSync("ps", ["-o", "state=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
      env: { ...process.env, LC_ALL: "C" },
      stdio: ["ignore", "pipe", "ignore"],
    }).trim();
    return line === "" || line.startsWith("Z") ? undefined : line.replace(/^\S+\s+/, "");
  } catch {
    return undefined;
  }
};

const hasProc = (): boolean => existsSync("/proc/self/stat");

const startOf = (pid: number): string | undefined => {
  if (!hasProc()) return askPs(pid);
  const stat = readText(`/proc/${pid}/stat`);
  return stat === undefined ? undefined : parseStat(stat);
};

export const identify = (pid: number): ProcessIdentity | undefined => {
  const started = startOf(pid);
  return started === undefined ? undefined : { pid, started };
};

export const isAlive = (identity: ProcessIdentity): boolean => startOf(identity.pid) === identity.started;

/** What a process wrote about itself before it became the program: its pid, then the system's line about it. */
export const parsePidFile = (text: string): ProcessIdentity | undefined => {
  const [first = "", ...rest] = text.split("\n");
  const pid = Number(first);
  const line = rest.join("\n").trim();
  if (!Number.isSafeInteger(pid) || pid <= 1 || line === "") return undefined;
  const started = line.includes(")") ? parseStat(line) : line;
  return started === undefined ? undefined : { pid, started };
};

import { readFileSync, readlinkSync } from "node:fs";
import { identify, isAlive } from "../../controlplane/process/identity";

/** This machine since its start, as far as process ids mean the same here: boot and process namespace. */
const machine = (): string | undefined => {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return undefined;
  }
};

interface Holder {
  readonly run: string;
  readonly machine: string;
  readonly pid: number;
  readonly started: string;
}

const SEPARATOR = " by ";

/** A run's name in the lease, with the process behind it where the system can tell one process from another for sure. */
export const describeHolder = (run: string): string => {
  const where = machine();
  const self = identify(process.pid);
  if (where === undefined || self === undefined) return run;
  return `${run}${SEPARATOR}${JSON.stringify({ machine: where, ...self })}`;
};

const parseHolder = (holder: string): Holder | undefined => {
  const at = holder.lastIndexOf(SEPARATOR);
  if (at < 0) return undefined;
  try {
    const {
      machine: where,
      pid,
      started,
    } = JSON.parse(holder.slice(at + SEPARATOR.length)) as Partial<Holder>;
    const known = typeof where === "string" && typeof pid === "number" && typeof started === "string";
    return known ? { run: holder.slice(0, at), machine: where, pid, started } : undefined;
  } catch {
    return undefined;
  }
};

/** The run without the process: what a reader wants to know. */
export const runOf = (holder: string): string => parseHolder(holder)?.run ?? holder;

/** True only when it is certain: the holder was a process of this machine, of this boot, and is no more. */
export const isDeadHere = (holder: string): boolean => {
  const parsed = parseHolder(holder);
  return parsed !== undefined && parsed.machine === machine() && !isAlive(parsed);
};

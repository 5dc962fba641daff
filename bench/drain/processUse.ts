/** What processes cost, as Linux tells; not a number elsewhere. */
import { readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;
/** Fields 16 and 17 of /proc/PID/stat (proc_pid_stat(5)), counted behind the name: time of children that have ended. */
const CHILD_TIME = [13, 14] as const;
const LOOK_EVERY_MS = 100;

const read = (path: string): string => {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
};

/** Processor seconds of all children of this process that have ended so far. */
export const endedChildrenSeconds = (): number => {
  const stat = read("/proc/self/stat");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return CHILD_TIME.reduce((sum, field) => sum + Number(fields[field]), 0) / TICKS_PER_SECOND;
};

const peakKilobytes = (pid: number): number =>
  Number(/^VmHWM:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0);

export interface MemoryWatch {
  readonly add: (pid: number) => void;
  /** @returns megabytes: the largest sum of what living processes had needed at most. */
  readonly stop: () => number;
}

export const watchMemory = (): MemoryWatch => {
  const pids = new Set<number>();
  let most = 0;
  const look = (): void => {
    const sum = [...pids].reduce((total, pid) => total + peakKilobytes(pid), 0);
    most = Math.max(most, sum / 1024);
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  return {
    add: pid => void pids.add(pid),
    stop: () => {
      clearInterval(timer);
      return most === 0 ? Number.NaN : most;
    },
  };
};

import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { errorCode } from "./problems";

export interface ChildOrder {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly deadlineMs: number;
  readonly onLine?: (line: string) => void;
}

export interface ChildEnd {
  readonly code: number;
  /** Both streams, the last lines only. */
  readonly lastLines: readonly string[];
}

const KEPT_LINES = 200;
const MERCY_MS = 5_000;

/** The whole group: compilers and linkers are grandchildren. */
const signalGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    if (errorCode(error) !== "ESRCH") throw error;
  }
};

const endWith = (child: ChildProcess, signal: AbortSignal): (() => void) => {
  let timer: NodeJS.Timeout | undefined;
  const onAbort = (): void => {
    signalGroup(child, "SIGTERM");
    timer = setTimeout(() => signalGroup(child, "SIGKILL"), MERCY_MS);
  };
  const onExit = (): void => signalGroup(child, "SIGKILL");
  signal.addEventListener("abort", onAbort);
  process.once("exit", onExit);
  return () => {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    process.removeListener("exit", onExit);
  };
};

const follow = (child: ChildProcess, order: ChildOrder): string[] => {
  const lines: string[] = [];
  const keep = (line: string): void => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    order.onLine?.(line);
  };
  for (const stream of [child.stdout, child.stderr])
    if (stream !== null) createInterface({ input: stream }).on("line", keep);
  return lines;
};

/**
 * Runs a program to its end, in its own process group so that a Ctrl-C reaches it only through us.
 * Rejects with the signal's reason after an abort (once the child is gone), or with the spawn error (ENOENT).
 */
export const runChild = async (order: ChildOrder): Promise<ChildEnd> => {
  order.signal.throwIfAborted();
  const signal = AbortSignal.any([order.signal, AbortSignal.timeout(order.deadlineMs)]);
  const child = spawn(order.command, order.args, {
    cwd: order.cwd,
    env: order.env,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const release = endWith(child, signal);
  const lastLines = follow(child, order);
  try {
    const code = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", status => resolve(status ?? 1));
    });
    signal.throwIfAborted();
    return { code, lastLines };
  } finally {
    release();
  }
};

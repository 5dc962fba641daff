/** Runs one program to its end and hands on its lines as they come. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

export interface RunOptions {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** Sends SIGINT, once: the program is asked to stop cleanly. */
  readonly signal: AbortSignal;
  /** Sends SIGINT again: the program is asked to stop at once. */
  readonly hurry?: AbortSignal;
  readonly timeoutMs: number;
  readonly onLine?: (line: string) => void;
}

export interface ProgramRun {
  /** null when a signal ended it. */
  readonly code: number | null;
  /** Both streams, in the order in which they came. */
  readonly lines: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number;
}

/** Between asking a program that is past its deadline to stop, and ending it and its children. */
const PATIENCE_MS = 20_000;

const interrupt = (child: ChildProcess): void => void child.kill("SIGINT");

const endGroup = ({ pid }: ChildProcess): void => {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It was gone already.
  }
};

const withDeadline = (child: ChildProcess, timeoutMs: number): (() => void) => {
  const ask = setTimeout(() => interrupt(child), timeoutMs);
  const force = setTimeout(() => endGroup(child), timeoutMs + PATIENCE_MS);
  return () => [ask, force].forEach(timer => clearTimeout(timer));
};

const onAbort = (signal: AbortSignal | undefined, act: () => void): (() => void) => {
  if (signal?.aborted === true) act();
  signal?.addEventListener("abort", act, { once: true });
  return () => signal?.removeEventListener("abort", act);
};

/**
 * The program gets a process group of its own: a Ctrl-C in the terminal reaches only us, and is handed on exactly once.
 * @throws when the program can't be started.
 */
export const runProgram = async (
  file: string,
  args: readonly string[],
  options: RunOptions,
): Promise<ProgramRun> => {
  const { cwd, env, signal, hurry, timeoutMs, onLine } = options;
  const startedAt = Date.now();
  const child = spawn(file, args, { cwd, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const lines: string[] = [];
  const take = (line: string): void => {
    lines.push(line);
    onLine?.(line);
  };
  [child.stdout, child.stderr].forEach(input => createInterface({ input }).on("line", take));
  const undo = [
    withDeadline(child, timeoutMs),
    onAbort(signal, () => interrupt(child)),
    onAbort(hurry, () => interrupt(child)),
  ];
  try {
    const [code] = (await once(child, "close")) as [number | null];
    return { code, lines, startedAt, endedAt: Date.now() };
  } finally {
    undo.forEach(act => act());
  }
};

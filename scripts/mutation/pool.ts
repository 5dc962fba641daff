import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import type { Sources, Task, Verdict } from "./protocol";

/** Processes that judge one task at a time; one that takes too long is ended and replaced. */
export interface Pool {
  /** "timeout" when a verdict took longer than `limitMs`. */
  judge(task: Task, limitMs: number): Promise<Verdict | "timeout">;
  close(): void;
}

const start = (sources: Sources): ChildProcess => {
  const child = fork(join(__dirname, "..", "mutateWorker.ts"), {
    execArgv: ["--import", "tsx", "--max-old-space-size=512"],
  });
  child.send(sources);
  return child;
};

const ask = (child: ChildProcess, task: Task, limitMs: number): Promise<Verdict | "timeout"> =>
  new Promise(resolve => {
    const finish = (verdict: Verdict | "timeout"): void => {
      clearTimeout(timer);
      child.removeAllListeners();
      resolve(verdict);
    };
    const timer = setTimeout(() => finish("timeout"), limitMs);
    child.once("message", verdict => finish(verdict as Verdict));
    child.once("exit", () => finish("timeout"));
    child.send(task);
  });

export const openPool = (sources: Sources, size: number): Pool => {
  const idle: ChildProcess[] = Array.from({ length: size }, () => start(sources));
  const waiting: ((child: ChildProcess) => void)[] = [];
  const take = (): Promise<ChildProcess> => {
    const child = idle.pop();
    return child === undefined ? new Promise(resolve => waiting.push(resolve)) : Promise.resolve(child);
  };
  const give = (child: ChildProcess): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(child);
    else next(child);
  };
  return {
    judge: async (task, limitMs) => {
      const child = await take();
      const verdict = await ask(child, task, limitMs);
      if (verdict === "timeout") child.kill("SIGKILL");
      give(verdict === "timeout" ? start(sources) : child);
      return verdict;
    },
    close: () => {
      for (const child of idle) child.kill();
    },
  };
};

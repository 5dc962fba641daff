/** Programs of one contender: started, told to begin, watched, ended. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { GO, READY } from "./childProtocol";
import { endedChildrenSeconds, type MemoryWatch, watchMemory } from "./processUse";

export interface Command {
  readonly program: string;
  readonly args: readonly string[];
  /** It loads first and waits for a word, see childProtocol.ts. */
  readonly waits: boolean;
}

export interface Line {
  readonly at: number;
  readonly text: string;
}

export interface Ended {
  readonly endedAt: number;
  /** Exit codes, in the order of the commands; -1 where a signal ended it. */
  readonly codes: readonly number[];
  readonly lines: readonly Line[];
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
}

export interface Running {
  readonly startedAt: number;
  /** What was said so far. */
  readonly lines: readonly Line[];
  readonly done: Promise<Ended>;
  /** Asks what still runs to stop, and ends it when that does not help. */
  readonly stop: () => void;
  /** kill -9, at once. */
  readonly kill: () => void;
}

const STOP_MS = 10_000;
const LOAD_MS = 60_000;

interface Stage {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  readonly lines: Line[];
  readonly living: Set<ChildProcess>;
  readonly memory: MemoryWatch;
  stopped: boolean;
}

const start = (stage: Stage, { program, args, waits }: Command): ChildProcess => {
  const { cwd, env } = stage;
  const child = spawn(program, args, { cwd, env, stdio: [waits ? "pipe" : "ignore", "pipe", "pipe"] });
  stage.living.add(child);
  if (child.pid !== undefined) stage.memory.add(child.pid);
  child.stdin?.on("error", () => undefined);
  for (const input of [child.stdout, child.stderr]) {
    if (input === null) continue;
    createInterface({ input }).on("line", text => stage.lines.push({ at: performance.now(), text }));
  }
  return child;
};

const endOf = async (stage: Stage, child: ChildProcess): Promise<number> => {
  const [code] = (await once(child, "close")) as [number | null];
  stage.living.delete(child);
  return code ?? -1;
};

/** @returns processor seconds that loading took. */
const untilReady = async (stage: Stage, child: ChildProcess): Promise<number> => {
  const deadline = performance.now() + LOAD_MS;
  for (;;) {
    const said = stage.lines.find(({ text }) => text.startsWith(READY));
    if (said !== undefined) return Number(said.text.slice(READY.length));
    if (child.exitCode !== null || performance.now() > deadline)
      throw new Error(`it did not start:\n${stage.lines.map(({ text }) => text).join("\n")}`);
    await new Promise(resolve => setTimeout(resolve, 20));
  }
};

const signalAll = ({ living }: Stage, signal: NodeJS.Signals): void =>
  living.forEach(child => void child.kill(signal));

const runSteps = async (stage: Stage, steps: readonly (readonly Command[])[]): Promise<readonly number[]> => {
  const codes: number[] = [];
  for (const step of steps) {
    if (stage.stopped) break;
    const children = step.map(command => start(stage, command));
    codes.push(...(await Promise.all(children.map(child => endOf(stage, child)))));
  }
  return codes;
};

interface Begun {
  readonly startedAt: number;
  readonly codes: Promise<readonly number[]>;
  readonly loadSeconds: number;
}

/** One that waits is alone; everything else starts when it is called. */
const begin = async (stage: Stage, steps: readonly (readonly Command[])[]): Promise<Begun> => {
  const [only] = steps[0] ?? [];
  if (only?.waits !== true)
    return { startedAt: performance.now(), codes: runSteps(stage, steps), loadSeconds: 0 };
  const child = start(stage, only);
  const codes = endOf(stage, child).then(code => [code]);
  const loadSeconds = await untilReady(stage, child);
  child.stdin?.write(`${GO}\n`);
  return { startedAt: performance.now(), codes, loadSeconds };
};

const stopSoftly = (stage: Stage): void => {
  stage.stopped = true;
  signalAll(stage, "SIGINT");
  setTimeout(() => signalAll(stage, "SIGKILL"), STOP_MS).unref();
};

/** Steps follow each other, commands of one step run at once. Times are `performance.now()`. */
export const startPrograms = async (
  steps: readonly (readonly Command[])[],
  { cwd, env }: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): Promise<Running> => {
  const stage: Stage = { cwd, env, lines: [], living: new Set(), memory: watchMemory(), stopped: false };
  const before = endedChildrenSeconds();
  const { startedAt, codes, loadSeconds } = await begin(stage, steps);
  return {
    startedAt,
    lines: stage.lines,
    done: codes.then(ended => ({
      endedAt: performance.now(),
      codes: ended,
      lines: stage.lines,
      cpuSeconds: endedChildrenSeconds() - before - loadSeconds,
      peakMegabytes: stage.memory.stop(),
    })),
    stop: () => stopSoftly(stage),
    kill: () => signalAll(stage, "SIGKILL"),
  };
};

/** What every benchmark program needs around its measurements. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { destroyLab, listLabs } from "../lab";
import type { Bench } from "./row";

const INTERRUPTED = 130;

/** Reads a count of rounds. */
export const positive = (text: string): number => {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`--rounds: found "${text}"; allowed is a whole number from 1 on`);
};

const listenForInterrupts = (say: (line: string) => void): AbortSignal => {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) return;
    say("stopping: what was started is taken away");
    controller.abort(new Error("stopped"));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return controller.signal;
};

/** Labs and files of this run, which has a folder of its own for them. */
const clean = async (scratch: string): Promise<void> => {
  for (const { name } of listLabs()) await destroyLab(name);
  rmSync(scratch, { recursive: true, force: true });
};

export const describeMachine = (): string =>
  `${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}; load ${loadavg()
    .map(load => load.toFixed(1))
    .join(", ")}; Node.js ${process.version}`;

/** Runs `work` in a scratch folder with labs of its own; both are removed at the end and on Ctrl-C. */
export const inSession = async (work: (bench: Omit<Bench, "rounds">) => Promise<void>): Promise<void> => {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const signal = listenForInterrupts(say);
  const scratch = mkdtempSync(join(tmpdir(), "changeover-bench-"));
  process.env["CHANGEOVER_LABS"] = join(scratch, "labs");
  mkdirSync(join(scratch, "labs"));
  try {
    await work({ scratch, signal, say });
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = INTERRUPTED;
  } finally {
    await clean(scratch);
  }
};

export const runProgramLine = (program: Command): void => {
  program.parseAsync().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    process.exitCode = 1;
  });
};

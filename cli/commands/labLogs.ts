import { createReadStream, statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { Command } from "commander";
import { lastLines } from "../../controlplane";
import { ProblemError } from "../../core/problem";
import { labStatus, type LabStatus } from "../../lab";
import { untilInterrupted } from "../interrupt";

const LOOK_EVERY_MS = 300;

interface LogsOptions {
  readonly lab: string;
  readonly lines: string;
  readonly follow?: boolean;
}

type Log = LabStatus["processes"][number];

const logsOf = (lab: string, role: string | undefined): readonly Log[] => {
  const { processes } = labStatus(lab);
  const chosen = processes.filter(process => role === undefined || process.role.includes(role));
  if (chosen.length > 0) return chosen;
  const roles = processes.map(process => process.role).join(", ");
  throw new ProblemError("no log to show", [
    {
      code: "Lab.NoLog",
      path: lab,
      message:
        role === undefined
          ? `lab "${lab}" has no processes`
          : `lab "${lab}" has no "${role}"; it has ${roles}`,
      fix: "see `changeover lab status`",
    },
  ]);
};

const copyFrom = (path: string, start: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const stream = createReadStream(path, { start });
    stream.on("error", reject).on("end", resolve);
    stream.pipe(process.stdout, { end: false });
  });

const follow = async (path: string, signal: AbortSignal): Promise<void> => {
  for (let seen = statSync(path).size; !signal.aborted;) {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    if (size > seen) await copyFrom(path, seen);
    seen = size;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
};

const showTail = (log: Log, count: number): void => {
  const state = log.alive ? "alive" : "dead";
  process.stdout.write(`== ${log.role} (${log.program}, ${state}) ${log.log}\n`);
  for (const line of lastLines(log.log, count)) process.stdout.write(`${line}\n`);
};

/** `changeover lab logs`: what the processes of a lab wrote. */
export const labLogsCommand = (): Command =>
  new Command("logs")
    .description("the last lines that a lab's processes wrote")
    .argument("[process]", "which one, or part of its name: etcd, apiserver, scheduler, kwok …")
    .option("--lab <name>", "name of the lab", "dev")
    .option("-n, --lines <count>", "how many lines of each", "20")
    .option("-f, --follow", "go on until Ctrl-C; needs one process")
    .action(async (role: string | undefined, options: LogsOptions) => {
      const logs = logsOf(options.lab, role);
      for (const log of logs) showTail(log, Number(options.lines));
      const [only] = logs;
      if (options.follow === true && only !== undefined && logs.length === 1)
        await untilInterrupted(signal => follow(only.log, signal));
    });

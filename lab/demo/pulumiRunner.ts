/** `pulumi <command>` on a workspace, with its engine's events. Nothing here knows the demo. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { followEvents } from "./engineEvents";
import type { ResourceEvent } from "./engineEvents";
import type { Workspace } from "./pulumiWorkspace";
import { runProgram } from "./runProgram";
import type { ProgramRun, RunOptions } from "./runProgram";

export interface PulumiOptions extends Pick<RunOptions, "signal" | "hurry" | "onLine"> {
  readonly timeoutMs?: number;
  readonly onEvent?: (event: ResourceEvent) => void;
  readonly env?: Readonly<Record<string, string>>;
}

export interface PulumiRun extends ProgramRun {
  readonly events: readonly ResourceEvent[];
}

const DEADLINE_MS = 20 * 60_000;
/** The commands that run the engine, and so have events and take a yes. */
const ENGINE_COMMANDS: readonly string[] = ["up", "preview", "destroy", "refresh"];

const flagsFor = (workspace: Workspace, command: string, eventLog: string): readonly string[] => {
  const common = ["--stack", workspace.stack, "--config-file", workspace.configFile];
  const plain = ["--non-interactive", "--color", "never"];
  if (!ENGINE_COMMANDS.includes(command)) return plain;
  return [...common, ...plain, "--event-log", eventLog, ...(command === "preview" ? [] : ["--yes"])];
};

let runs = 0;

/** @returns the run, also when the command failed: what its exit code means is the caller's to judge. */
export const runPulumi = async (
  workspace: Workspace,
  [command = "", ...rest]: readonly string[],
  options: PulumiOptions,
): Promise<PulumiRun> => {
  const eventLog = join(workspace.scratch, `events-${process.pid}-${++runs}.jsonl`);
  const events: ResourceEvent[] = [];
  const following = followEvents(eventLog, event => {
    events.push(event);
    options.onEvent?.(event);
  });
  const { timeoutMs = DEADLINE_MS, env, ...handed } = options;
  const args = [command, ...flagsFor(workspace, command, eventLog), ...rest];
  try {
    const run = await runProgram(workspace.cli.pulumi, args, {
      ...handed,
      timeoutMs,
      cwd: workspace.program,
      env: { ...workspace.env, ...env },
    });
    return { ...run, events };
  } finally {
    following.stop();
    await rm(eventLog, { force: true });
  }
};

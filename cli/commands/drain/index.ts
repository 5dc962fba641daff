import { randomBytes } from "node:crypto";
import { userInfo } from "node:os";
import type { Command } from "commander";
import { ProblemError } from "../../../core/problem";
import { type KubeClient, openKube } from "../../../kube";
import { type CommandResult, runDrainCommand } from "../../../operations/drain/commandDrain";
import { INTERRUPTED } from "../../interrupt";
import { type SourceFlags, sourceOf, withChunkSize } from "./client";
import { EXIT_CODES, exitCodeOf } from "./exitCode";
import { explainCommand } from "./explain";
import { FLAGS } from "./flagTable";
import { type DrainWish, readFlags } from "./flags";
import { type InterruptPorts, withInterrupts } from "./interrupts";
import { withMetricsFile } from "./metricsFile";
import { drainFlags } from "./options";
import { type Io, type Output, startOutput } from "./output";
import type { RawFlags } from "./rawFlags";
import { rbacCommand } from "./rbac";
import type { TableSize } from "./table";

/** One identity a run, readable for whoever finds it in the lease. */
const newRun = (): string => `drain-${userInfo().username}-${randomBytes(4).toString("hex")}`;

const screenSize = (): TableSize => ({
  columns: process.stderr.columns || 80,
  rows: process.stderr.rows || 24,
});

const terminal = (): Io => ({
  out: text => void process.stdout.write(text),
  err: text => void process.stderr.write(text),
  now: Date.now,
  ...(process.stderr.isTTY ? { size: screenSize } : {}),
});

const interruptPorts = (say: (line: string) => void): InterruptPorts => ({
  on: hear => void process.on("SIGINT", hear).on("SIGTERM", hear),
  off: hear => void process.off("SIGINT", hear).off("SIGTERM", hear),
  now: () => performance.now(),
  say,
  leave: () => process.exit(INTERRUPTED),
});

/** A call that the stop cut off is no fault: nothing had begun that would have to be waited for. */
const orStopped = async (signal: AbortSignal, work: Promise<CommandResult>): Promise<CommandResult> => {
  try {
    return await work;
  } catch (error) {
    if (!signal.aborted || error instanceof ProblemError) throw error;
    return { kind: "stopped", reason: "stopped by Ctrl-C; what was done is recorded on the nodes" };
  }
};

const perform = async (kube: KubeClient, wish: DrainWish, output: Output): Promise<CommandResult> => {
  const metered = withMetricsFile(wish.metricsFile, output.ports);
  const ports = { kube: withChunkSize(kube, wish.chunkSize), now: Date.now, ...metered.ports };
  const command = { ...wish.command, run: newRun() };
  try {
    return await withInterrupts(interruptPorts(output.ports.log), signal =>
      orStopped(signal, runDrainCommand(ports, command, signal)),
    );
  } finally {
    metered.close();
  }
};

/** What was typed after `changeover drain`. */
const typedArgs = (): readonly string[] => process.argv.slice(process.argv.indexOf("drain") + 1);

const drain = async (names: readonly string[], flags: RawFlags & SourceFlags): Promise<void> => {
  const wish = readFlags(names, flags);
  if (!wish.ok) throw new ProblemError("nothing was done", wish.problems);
  const kube = await openKube(sourceOf(flags));
  try {
    const output = startOutput(wish.value.output, terminal());
    const result = await perform(kube, wish.value, output);
    output.finish(result, typedArgs());
    process.exitCode = exitCodeOf(result);
  } finally {
    await kube.close();
  }
};

const NOTES = `
All nodes are drained together, as fast as their disruption budgets allow and
never faster. First everything that forbids it is looked for (nodes, rights,
room, budgets) and refused at once; then the plan is printed; then pods move.
Ctrl-C once: no new evictions, pods on their way out are waited for. Twice: out.
The same command goes on where a former one stopped, from any machine.

Flags that kubectl drain has mean what they mean there.

Examples:
  changeover drain node-1 node-2
  changeover drain -l pool=blue --to pool=green --dry-run=client
  changeover drain --pool workers --generation workers-1-35-51abc2
  changeover drain -l pool=blue --to pool=green --rollback
  changeover drain -l pool=blue --abort
  changeover drain explain shop/web-5d4c-x2x1q`;

/** `changeover drain`: empties nodes under the budgets of the pods on them. */
export const drainCommand = (): Command =>
  drainFlags("drain", FLAGS)
    .description("empty nodes: as fast as the disruption budgets allow, and never faster")
    .argument("[nodes...]", "names of nodes; or use --selector or --pool")
    .addCommand(explainCommand())
    .addCommand(rbacCommand())
    .addHelpText("after", `${NOTES}\n${EXIT_CODES}`)
    .action(drain);

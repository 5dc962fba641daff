import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { ownEntry } from "../../../controlplane/process/ownEntry";
import type { CommandResult, DrainCommand } from "../../../operations/drain/commandDrain";
import type { Arena } from "./arena";
import type { ChildLine, ChildOrder } from "./commandChild";

const ROOT = join(__dirname, "..", "..", "..");
const living = new Set<ChildProcess>();
let runs = 0;

/** What it said, and how long after its start. */
export type Said = ChildLine & { readonly ms: number };

export interface Ended {
  readonly killed: boolean;
  /** Absent when it was killed before. */
  readonly result?: CommandResult;
  readonly said: readonly Said[];
}

export interface ChildRun {
  readonly said: readonly Said[];
  readonly ended: Promise<Ended>;
  readonly kill: () => void;
}

/** `changeover drain` of an arena's blue nodes, onto its green ones. */
export const commandFor = (arena: Arena, more: Partial<DrainCommand> = {}): DrainCommand => ({
  run: `${arena.name}-${process.pid}-${runs++}`,
  way: "drain",
  nodes: { names: arena.blue },
  to: { labels: { matchLabels: { arena: arena.name, color: "green" } } },
  dryRun: "none",
  rules: { force: false, deleteEmptyDirData: false, ignoreDaemonSets: true },
  ladder: {},
  onAlarm: "hold",
  deadlineSeconds: 150,
  timeoutSeconds: 120,
  leaseWaitMs: 35_000,
  ...more,
});

/** Starts it in a process of its own. */
export const startCommand = (order: ChildOrder): ChildRun => {
  const startedAt = performance.now();
  const { command, args } = ownEntry(join(__dirname, "commandChild"));
  const child = spawn(command, [...args, JSON.stringify(order)], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  living.add(child);
  const said: Said[] = [];
  createInterface({ input: child.stdout }).on("line", text =>
    said.push({ ...(JSON.parse(text) as ChildLine), ms: performance.now() - startedAt }),
  );
  const ended = once(child, "close").then(([, signal]): Ended => {
    living.delete(child);
    const result = said.flatMap(line => (line.kind === "result" ? [line.result] : [])).at(-1);
    return { killed: signal === "SIGKILL", said, ...(result === undefined ? {} : { result }) };
  });
  return { said, ended, kill: () => void child.kill("SIGKILL") };
};

/** Ends what a failed test left running. */
export const endCommands = (): void => living.forEach(child => child.kill("SIGKILL"));

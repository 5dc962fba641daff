/** Starts and stops the auditor as what it is: a program of its own. Nothing here knows the demo. */
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { ownEntry } from "../../controlplane/process/ownEntry";
import type { AuditLine, AuditSummary } from "../auditor/format";

export interface AuditOptions {
  readonly kubeconfig: string;
  /** Where the journal goes. */
  readonly out: string;
  readonly signal: AbortSignal;
}

export interface RunningAudit {
  readonly pid: number;
  /** Ends the audit and reads what it wrote. */
  stop(): Promise<{ readonly lines: readonly AuditLine[]; readonly summary: AuditSummary }>;
  /** Ends it without asking for its verdict. */
  abandon(): void;
}

const START_MS = 30_000;
const STOP_MS = 30_000;

const outputOf = (child: ChildProcess): { text: string } => {
  const output = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (part: string) => (output.text += part));
  }
  return output;
};

const untilAuditing = async (child: ChildProcess, signal: AbortSignal): Promise<void> => {
  const output = outputOf(child);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(START_MS)]);
  const seen = (async () => {
    while (!output.text.includes("auditing\n"))
      await once(child.stdout ?? child, "data", { signal: deadline });
  })();
  const ended = once(child, "close", { signal: deadline }).then(() => {
    throw new Error(`the auditor ended before it began: ${output.text}`);
  });
  ended.catch(() => undefined);
  await Promise.race([seen, ended]);
};

export const readAudit = async (out: string): Promise<readonly AuditLine[]> =>
  (await readFile(out, "utf8"))
    .split("\n")
    .filter(line => line !== "")
    .map(line => JSON.parse(line) as AuditLine);

const endAndRead = async (child: ChildProcess, out: string): ReturnType<RunningAudit["stop"]> => {
  if (child.exitCode === null) {
    const closed = once(child, "close", { signal: AbortSignal.timeout(STOP_MS) });
    child.kill("SIGTERM");
    await closed;
  }
  const lines = await readAudit(out);
  const last = lines.at(-1);
  if (last?.kind !== "summary") throw new Error(`the auditor ended without a verdict; see ${out}`);
  return { lines, summary: last.summary };
};

/** @throws when the auditor can't see the cluster. */
export const startAudit = async ({ kubeconfig, out, signal }: AuditOptions): Promise<RunningAudit> => {
  const { command, args: entry } = ownEntry(join(__dirname, "..", "auditor", "main"));
  const args = [...entry, "--kubeconfig", kubeconfig, "--out", out];
  // A group of its own: a Ctrl-C in the terminal must not blind the auditor to what follows it.
  const child = spawn(command, args, { detached: true, stdio: ["ignore", "pipe", "pipe"] });
  const abandon = (): void => void child.kill("SIGTERM");
  try {
    await untilAuditing(child, signal);
  } catch (error) {
    abandon();
    throw error;
  }
  return { pid: child.pid ?? 0, stop: () => endAndRead(child, out), abandon };
};

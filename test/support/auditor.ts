import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { ownEntry } from "../../controlplane/process/ownEntry";
import type { AuditSummary } from "../../lab/auditor/format";

const ROOT = resolve(__dirname, "../..");

export interface Audit {
  /** Ends the auditor and reads its verdict. */
  readonly stop: () => Promise<AuditSummary>;
}

/** Starts the independent auditor on a cluster; resolves once it sees it. */
export const startAuditor = async (kubeconfig: string, dir: string): Promise<Audit> => {
  const out = join(dir, `audit-${process.hrtime.bigint()}.jsonl`);
  const { command, args } = ownEntry(join(ROOT, "lab/auditor/main"));
  const child = spawn(command, [...args, "--kubeconfig", kubeconfig, "--out", out], {
    cwd: ROOT,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise<number | null>(done => child.once("exit", code => done(code)));
  await new Promise<void>((seen, fail) => {
    child.stdout.on("data", (chunk: Buffer) => chunk.toString().includes("auditing") && seen());
    void ended.then(code => fail(new Error(`the auditor ended with ${code}`)));
  });
  return {
    stop: async () => {
      child.kill("SIGTERM");
      await ended;
      const last = readFileSync(out, "utf8").trim().split("\n").at(-1) ?? "{}";
      return (JSON.parse(last) as { summary: AuditSummary }).summary;
    },
  };
};

/** What a clean upgrade leaves: nothing found, and nothing that could have hidden. */
export const expectClean = (summary: AuditSummary): void => {
  const { violations, doubleMoves, failedRequests, wrongEvictions, nodeLosses } = summary;
  const unseen = summary.gaps.filter(({ resource, vanished }) => resource === "pods" && vanished > 0);
  expect({ violations, doubleMoves, failedRequests, wrongEvictions, nodeLosses, unseen }).toEqual({
    violations: [],
    doubleMoves: [],
    failedRequests: [],
    wrongEvictions: [],
    nodeLosses: [],
    unseen: [],
  });
};

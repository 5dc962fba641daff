import { ProblemError } from "../../core/problem";
import { certificatePath, keyPath } from "../pki/layout";
import { ensureEtcdTool } from "../plane/programs";
import { readRecord } from "../plane/record";
import { ETCD } from "../plane/roles";
import type { RunOptions } from "../plane/spec";
import { runChild } from "../tools/child";

const DEADLINE_MS = 120_000;

/** Runs one of etcd's own programs to its end and gives what it wrote. */
const runEtcdTool = async (
  program: "etcdctl" | "etcdutl",
  args: readonly string[],
  options: RunOptions,
): Promise<readonly string[]> => {
  const tool = await ensureEtcdTool(options);
  const env = { PATH: process.env["PATH"], HOME: process.env["HOME"], ETCDCTL_API: "3" };
  const order = { command: tool.bin(program), args, env, signal: options.signal, deadlineMs: DEADLINE_MS };
  const { code, lastLines } = await runChild(order);
  if (code === 0) return lastLines;
  throw new ProblemError("the snapshot failed", [
    {
      code: "ControlPlane.SnapshotFailed",
      path: program,
      message: `${program} ${args[0] ?? ""} ended with ${code}: ${lastLines.slice(-3).join(" | ")}`,
      fix: "see that etcd runs and the disk has room, then run the command again",
    },
  ]);
};

export const etcdutl = (args: readonly string[], options: RunOptions): Promise<readonly string[]> =>
  runEtcdTool("etcdutl", args, options);

/** Asks the etcd of the control plane in `dir`. */
export const etcdctl = (
  dir: string,
  args: readonly string[],
  options: RunOptions,
): Promise<readonly string[]> => {
  const port = readRecord(dir)?.ports[ETCD];
  if (port === undefined) throw new Error(`${dir} holds no control plane`);
  const access = [
    `--endpoints=https://127.0.0.1:${port}`,
    `--cacert=${certificatePath(dir, "etcd-ca")}`,
    `--cert=${certificatePath(dir, "apiserver-etcd-client")}`,
    `--key=${keyPath(dir, "apiserver-etcd-client")}`,
  ];
  return runEtcdTool("etcdctl", [...args, ...access], options);
};

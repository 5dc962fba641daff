import { runProgram } from "../lab/demo/runProgram";
import type { Bench } from "./row";

const TIMEOUT_MS = 300_000;

/** @returns its output, line by line; throws when it fails. */
export type Kubectl = (...args: readonly string[]) => Promise<readonly string[]>;

export const kubectlFor =
  (of: { readonly program: string; readonly kubeconfig: string }, bench: Bench): Kubectl =>
  async (...args) => {
    const env = { ...(process.env as Record<string, string>), KUBECONFIG: of.kubeconfig };
    const { signal, scratch } = bench;
    const run = await runProgram(of.program, args, { cwd: scratch, env, signal, timeoutMs: TIMEOUT_MS });
    signal.throwIfAborted();
    if (run.code !== 0) throw new Error(`kubectl ${args.join(" ")} failed:\n${run.lines.join("\n")}`);
    return run.lines;
  };

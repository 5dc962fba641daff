import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

export interface HelmEnd {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs Helm's command line: arguments, and values for `--values -`. */
export type Helm = (args: readonly string[], values?: unknown) => Promise<HelmEnd>;

/** @param kubeconfig path of a file, asked for at each call. */
export const openHelm =
  (program: string, kubeconfig: () => string): Helm =>
  (args, values) =>
    new Promise((resolve, reject) => {
      const env = { ...process.env, KUBECONFIG: fileOf(kubeconfig()) };
      const child = spawn(program, [...args, ...(values === undefined ? [] : ["--values", "-"])], { env });
      let [stdout, stderr] = ["", ""];
      child.stdout.on("data", (part: Buffer) => void (stdout += part.toString()));
      child.stderr.on("data", (part: Buffer) => void (stderr += part.toString()));
      child.once("error", reject);
      child.once("close", code => resolve({ code: code ?? 1, stdout, stderr }));
      child.stdin.end(values === undefined ? "" : JSON.stringify(values));
    });

/** Without a file of its own Helm would open whatever cluster the user works on. */
const fileOf = (kubeconfig: string): string => {
  if (existsSync(kubeconfig)) return kubeconfig;
  throw new Error(
    "StandInLimit: the stand-in wants the provider's kubeconfig as the path of a file that is there",
  );
};

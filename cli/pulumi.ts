import { spawn } from "node:child_process";
import { type Problem, ProblemError } from "../core/problem";

export interface PulumiEnded {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the `pulumi` on the PATH, as its user would; Ctrl-C is handed on. */
export const runPulumi = (
  args: readonly string[],
  { cwd, signal }: { readonly cwd: string; readonly signal: AbortSignal },
): Promise<PulumiEnded> =>
  new Promise((resolve, reject) => {
    const child = spawn("pulumi", [...args, "--non-interactive", "--color=never"], {
      cwd,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const [out, err]: [string[], string[]] = [[], []];
    child.stdout.on("data", chunk => out.push(String(chunk)));
    child.stderr.on("data", chunk => err.push(String(chunk)));
    const stop = (): void => void child.kill("SIGINT");
    signal.addEventListener("abort", stop, { once: true });
    child.once("error", () => reject(new ProblemError("no Pulumi", [noPulumi()])));
    child.once("close", code => {
      signal.removeEventListener("abort", stop);
      resolve({ code, out: out.join(""), err: err.join("") });
    });
  });

/** @throws what Pulumi said, where it did not end well. */
export const mustPulumi = async (...call: Parameters<typeof runPulumi>): Promise<string> => {
  const { code, out, err } = await runPulumi(...call);
  if (code === 0) return out;
  throw new ProblemError(`pulumi ${call[0][0] ?? ""} failed`, [failed(call[0].join(" "), out + err)]);
};

const noPulumi = (): Problem => ({
  code: "Cli.NoPulumi",
  path: "PATH",
  message: "there is no `pulumi` on the PATH",
  fix: "install the Pulumi CLI, log in (`pulumi login`) and make the stack (`pulumi stack init`)",
});

const failed = (command: string, said: string): Problem => ({
  code: "Cli.PulumiFailed",
  path: `pulumi ${command}`,
  message: said.trim(),
  fix: "put right what Pulumi names; where it says that the stack is locked and no run is under way: `pulumi cancel`",
});

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PreviewStep } from "../core/adopt/preview";
import { type Problem, ProblemError } from "../core/problem";
import { type PulumiEnded, runPulumi } from "./pulumi";

export interface PreviewWanted {
  /** Folder of the Pulumi program. */
  readonly cwd: string;
  readonly stack: string;
  /** Text of the stack's config file, as it would be. */
  readonly config: string;
}

interface Output {
  readonly steps?: readonly PreviewStep[];
  readonly diagnostics?: readonly { readonly severity?: string; readonly message?: string }[];
}

/** Anything may stand before the document: a program's own lines, a warning of the CLI. */
const read = (text: string): Output | undefined => {
  try {
    return JSON.parse(text.slice(Math.max(0, text.indexOf("{")))) as Output;
  } catch {
    return undefined;
  }
};

const LINES = 30;

const failed = ({ code, out, err }: PulumiEnded, output: Output | undefined): Problem => {
  const said = (output?.diagnostics ?? [])
    .filter(({ severity }) => severity === "error")
    .map(({ message = "" }) => message.trim());
  const text = said.length > 0 ? said.join("\n") : `${err}\n${output === undefined ? out : ""}`;
  return {
    code: "Cli.PreviewFailed",
    path: "pulumi preview",
    message: `it ended with ${code ?? "a signal"}: ${text.trim().split("\n").slice(-LINES).join("\n")}`,
    fix: "put right what it names and run this again; nothing was written",
  };
};

/** `pulumi preview` with a config that is not written yet. @returns its steps. Nothing of the stack changes. */
export const previewWith = async (
  { cwd, stack, config }: PreviewWanted,
  signal: AbortSignal,
): Promise<readonly PreviewStep[]> => {
  const folder = mkdtempSync(join(tmpdir(), "changeover-preview-"));
  const file = join(folder, `Pulumi.${stack}.yaml`);
  try {
    writeFileSync(file, config, { mode: 0o600 });
    const flags = ["--json", "--show-sames", "--stack", stack, "--config-file", file];
    const ended = await runPulumi(["preview", ...flags], { cwd, signal });
    signal.throwIfAborted();
    const output = read(ended.out);
    if (ended.code !== 0 || output?.steps === undefined)
      throw new ProblemError("no preview", [failed(ended, output)]);
    return output.steps;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { runPulumi } from "../lab/demo/pulumiRunner";
import { ensureWorkspace, type Workspace } from "../lab/demo/pulumiWorkspace";
import { ensurePulumi } from "../lab/languageHost/pulumi";
import type { Bench } from "./row";

const ROOT = resolve(__dirname, "..");

/** What `pulumi new typescript` leaves when nothing was written into it yet. */
const EMPTY_PROGRAM: Readonly<Record<string, string>> = {
  "Pulumi.yaml":
    "name: empty\nmain: index.ts\nruntime: { name: nodejs, options: { tsconfig: tsconfig.json } }\n",
  "index.ts": `import * as pulumi from "@pulumi/pulumi";\n`,
  "package.json": `{ "name": "empty", "private": true, "main": "index.ts" }\n`,
  "tsconfig.json": `{ "compilerOptions": { "target": "ES2022", "module": "commonjs", "noCheck": true } }\n`,
};

type Config = Readonly<Record<string, unknown>>;

/** The config of `Pulumi.local.yaml`, with another cluster's name and version. */
export const localConfig = (name: string, version: string): Config => {
  const { config } = parse(readFileSync(join(ROOT, "Pulumi.local.yaml"), "utf8")) as { config: Config };
  return { ...config, "changeover:cluster": { name, cloud: "lab", version } };
};

const open = async (
  bench: Bench,
  stack: string,
  from: { program: string; config: Config },
): Promise<Workspace> => {
  const scratch = join(bench.scratch, stack);
  mkdirSync(scratch, { recursive: true });
  const cli = await ensurePulumi({ progress: bench.say, signal: bench.signal });
  return ensureWorkspace({ cli, program: from.program, scratch, stack }, from.config, bench.signal);
};

export const openEmptyProgram = (bench: Bench): Promise<Workspace> => {
  const program = join(bench.scratch, "emptyProgram");
  mkdirSync(program, { recursive: true });
  for (const [name, text] of Object.entries(EMPTY_PROGRAM)) writeFileSync(join(program, name), text);
  symlinkSync(join(ROOT, "node_modules"), join(program, "node_modules"));
  return open(bench, "empty", { program, config: {} });
};

/** This repository's own program, in a stack of its own. */
export const openLocalStack = (bench: Bench, stack: string, config: Config): Promise<Workspace> =>
  open(bench, stack, { program: ROOT, config });

/** @returns seconds. */
export const timePulumi = async (
  bench: Bench,
  workspace: Workspace,
  args: readonly string[],
): Promise<number> => {
  const run = await runPulumi(workspace, [...args, "--suppress-progress"], { signal: bench.signal });
  bench.signal.throwIfAborted();
  if (run.code !== 0)
    throw new Error(`pulumi ${args.join(" ")} of ${workspace.stack} failed:\n${run.lines.join("\n")}`);
  return (run.endedAt - run.startedAt) / 1000;
};

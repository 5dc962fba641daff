import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { parse } from "yaml";
import { runPulumi } from "../lab/demo/pulumiRunner";
import { ensureWorkspace, type Workspace } from "../lab/demo/pulumiWorkspace";
import { ensurePulumi } from "../lab/languageHost/pulumi";
import type { Bench } from "./row";

const ROOT = resolve(__dirname, "..");

const IMPORT = `import * as pulumi from "@pulumi/pulumi";\n`;

/** The least that any stack with gates of its own costs: the SDK starts a second process for it. */
const ONE_DYNAMIC = `${IMPORT}
const provider: pulumi.dynamic.ResourceProvider = { create: async () => ({ id: "one", outs: {} }) };
class One extends pulumi.dynamic.Resource {}
new One(provider, "one", {});
`;

/** `empty` has nothing but an import; compiled with or without a check of types: `pulumi new typescript` checks. */
const TINY = {
  empty: { noCheck: true, source: IMPORT },
  checked: { noCheck: false, source: IMPORT },
  dynamic: { noCheck: true, source: ONE_DYNAMIC },
};

const tinyProgram = ({ noCheck, source }: (typeof TINY)["empty"]): Readonly<Record<string, string>> => {
  const compilerOptions = { target: "ES2022", module: "commonjs", moduleResolution: "node10", noCheck };
  return {
    "Pulumi.yaml":
      "name: empty\nmain: index.ts\nruntime: { name: nodejs, options: { tsconfig: tsconfig.json } }\n",
    "index.ts": source,
    "package.json": JSON.stringify({ name: "empty", private: true, main: "index.ts" }),
    "tsconfig.json": JSON.stringify({ compilerOptions: { ...compilerOptions, skipLibCheck: true } }),
  };
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

export const openTinyProgram = (bench: Bench, stack: keyof typeof TINY): Promise<Workspace> => {
  const program = join(bench.scratch, `${stack}Program`);
  mkdirSync(program, { recursive: true });
  const files = tinyProgram(TINY[stack]);
  for (const [name, text] of Object.entries(files)) writeFileSync(join(program, name), text);
  symlinkSync(join(ROOT, "node_modules"), join(program, "node_modules"));
  return open(bench, stack, { program, config: {} });
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

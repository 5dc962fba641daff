/**
 * A place of its own for the real Pulumi CLI: backend, home and config file in one scratch folder, so that a run neither
 * sees nor touches the user's stacks, and the program's folder stays as it is. Nothing here knows the demo.
 */
import { existsSync } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { folderBackend, type PulumiCli } from "../languageHost/pulumi";
import { runProgram } from "./runProgram";
import { withSalt } from "./stackText";

export interface WorkspaceSpec {
  readonly cli: PulumiCli;
  /** Folder with Pulumi.yaml and the program. */
  readonly program: string;
  /** Folder that the workspace may fill. */
  readonly scratch: string;
  readonly stack: string;
}

export interface Workspace extends WorkspaceSpec {
  readonly configFile: string;
  readonly env: Readonly<Record<string, string>>;
}

type Config = Readonly<Record<string, unknown>>;

const environmentOf = ({ cli, scratch }: WorkspaceSpec): Readonly<Record<string, string>> => ({
  ...cli.env,
  PULUMI_BACKEND_URL: folderBackend(join(scratch, "backend")),
  PULUMI_HOME: join(scratch, "home"),
  // The stack holds no secret; the engine wants a passphrase all the same.
  PULUMI_CONFIG_PASSPHRASE: "lab",
  // Makes the engine take --event-log.
  PULUMI_DEBUG_COMMANDS: "true",
});

const SETTLE_MS = 60_000;

/** Made in a folder with a copy of Pulumi.yaml: `stack init` writes a config file beside it, which is not wanted in the program. */
const ensureStack = async (workspace: Workspace, signal: AbortSignal): Promise<string> => {
  const { scratch, stack, program, cli, env } = workspace;
  const folder = join(scratch, "project");
  const written = join(folder, `Pulumi.${stack}.yaml`);
  await mkdir(folder, { recursive: true });
  await mkdir(join(scratch, "backend"), { recursive: true });
  if (existsSync(written)) return written;
  await copyFile(join(program, "Pulumi.yaml"), join(folder, "Pulumi.yaml"));
  const args = ["stack", "init", stack, "--no-select", "--non-interactive"];
  const run = await runProgram(cli.pulumi, args, { cwd: folder, env, signal, timeoutMs: SETTLE_MS });
  if (run.code !== 0) throw new Error(`the stack could not be made:\n${run.lines.join("\n")}`);
  return written;
};

/** Writes the stack's config: keys as in a stack file (`changeover:cluster`), values as plain data. */
export const writeConfig = async ({ configFile }: Workspace, config: Config): Promise<void> => {
  const { encryptionsalt } = parse(await readFile(configFile, "utf8")) as { encryptionsalt?: string };
  await writeFile(configFile, stringify({ encryptionsalt, config }));
};

/** Writes the stack's config as its file says it, comments and all. */
export const writeStackText = async ({ configFile }: Workspace, text: string): Promise<void> => {
  const { encryptionsalt = "" } = parse(await readFile(configFile, "utf8")) as { encryptionsalt?: string };
  await writeFile(configFile, withSalt(text, encryptionsalt));
};

/** Finds the workspace again or makes it; config that was written before is replaced. */
export const ensureWorkspace = async (
  spec: WorkspaceSpec,
  config: Config,
  signal: AbortSignal,
): Promise<Workspace> => {
  const configFile = join(spec.scratch, `Pulumi.${spec.stack}.yaml`);
  const workspace = { ...spec, configFile, env: environmentOf(spec) };
  await copyFile(await ensureStack(workspace, signal), configFile);
  await writeConfig(workspace, config);
  return workspace;
};

/** The Node.js processes of a host: how they are started, with what settings, and how they end. */
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import type * as Messages from "@pulumi/pulumi/proto/language_pb.js";
import type * as Sdk from "./sdk.mjs";

const here = createRequire(import.meta.url);
const { grpc, statusError } = here(`./sdk${extname(import.meta.filename)}`) as typeof Sdk;

const MERCY_MS = 5_000;
const children = new Set<ChildProcess>();

export interface Settings {
  readonly nodeArgs: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** What `runtime.options` in Pulumi.yaml asks for; each is handed on as Pulumi's own host does. */
export const settingsOf = (info: Messages.ProgramInfo): Settings => {
  const { typescript, tsconfig, nodeargs } = (info.getOptions()?.toJavaScript() ?? {}) as Record<
    string,
    unknown
  >;
  const words = typeof nodeargs === "string" ? (nodeargs.match(/"[^"]*"|'[^']*'|\S+/g) ?? []) : [];
  return {
    nodeArgs: words.map(word => word.replace(/^(["'])(.*)\1$/, "$2")),
    env: {
      ...(typescript === false ? {} : { PULUMI_NODEJS_TYPESCRIPT: "true" }),
      ...(typeof tsconfig === "string" && tsconfig !== "" ? { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig } : {}),
    },
  };
};

/** A runner of the SDK that the program itself has installed, not of ours: their versions may differ. */
export const runnerIn = (directory: string, runner: "run" | "run-plugin" | "run-policy-pack"): string => {
  try {
    return createRequire(join(directory, "package.json")).resolve(`@pulumi/pulumi/cmd/${runner}`);
  } catch {
    const message = `@pulumi/pulumi is not installed in ${directory}: run "npm ci" there`;
    throw statusError(grpc.status.FAILED_PRECONDITION, message);
  }
};

export const startNode = (args: readonly string[], options: SpawnOptions): ChildProcess => {
  const child = spawn(process.execPath, args, options);
  children.add(child);
  child.once("close", () => children.delete(child));
  child.once("error", () => children.delete(child));
  return child;
};

export const ended = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", code => resolve(code ?? 1));
  });

export const interrupt = (child: ChildProcess): void => {
  child.kill("SIGINT");
  setTimeout(() => child.kill("SIGKILL"), MERCY_MS).unref();
};

export const interruptAll = (): void => children.forEach(interrupt);

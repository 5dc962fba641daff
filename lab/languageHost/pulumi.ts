import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, link, mkdir, readFile, rename, symlink, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";
import { ProblemError } from "../../core/problem";
import { cacheRoot, ensureTool, type InstalledTool, type ToolOptions } from "../../controlplane/tools";

/**
 * The Pulumi CLI with an environment in which it finds what it starts: `node`, the language host and the provider of
 * dynamic resources. The caller adds backend, passphrase and home.
 */
export interface PulumiCli {
  /** Full path of `pulumi`. */
  readonly pulumi: string;
  /** The caller's environment with PATH and switches set. */
  readonly env: Record<string, string>;
}

/**
 * A folder as the engine's state backend, without the metadata files that it would keep beside each state: it writes
 * those in place, and one that a kill cuts off makes the state unreadable ("failed to load checkpoint: EOF").
 */
export const folderBackend = (folder: string): string => `file://${folder}?metadata=skip`;

const OLDEST_NODE = { major: 22, minor: 18 };

const checkNode = (version: string): void => {
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  if (major > OLDEST_NODE.major || (major === OLDEST_NODE.major && minor >= OLDEST_NODE.minor)) return;
  throw new ProblemError("Pulumi can't be started", [
    {
      code: "Tools.NodeTooOld",
      path: process.execPath,
      message: `this is Node.js ${version}; the language host needs ${OLDEST_NODE.major}.${OLDEST_NODE.minor} or newer`,
      fix: `run it through "npm run" or "npx changeover", which bring their own Node.js`,
    },
  ]);
};

/** The source in a clone, the compiled file in an installed package. */
const hostFile = (): string => {
  const compiled = join(__dirname, "host.mjs");
  return existsSync(compiled) ? compiled : join(__dirname, "host.mts");
};

const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** Moved into place whole, so that another process never starts half a script. */
const place = async (file: string, make: (path: string) => Promise<void>): Promise<void> => {
  if (existsSync(file)) return;
  const fresh = `${file}.${process.pid}-${performance.now()}`;
  await make(fresh);
  await rename(fresh, file);
};

const script =
  (text: string) =>
  async (path: string): Promise<void> => {
    await writeFile(path, text);
    await chmod(path, 0o755);
  };

const sdkProvider = async (): Promise<string> => {
  const sdk = dirname(createRequire(__filename).resolve("@pulumi/pulumi/package.json"));
  return readFile(join(sdk, "pulumi-resource-pulumi-nodejs"), "utf8");
};

/**
 * A folder with `node`, and for a CLI that was built here the CLI itself with its two companions beside it: the engine
 * looks for them next to its own file, and warns on every run when it finds them on PATH instead. Hence a hard link,
 * or a copy where the disk has none.
 * One folder per Node.js, host file and CLI: clones and packages on one machine don't disturb each other.
 */
const ensureShims = async (tool: InstalledTool): Promise<string> => {
  const host = hostFile();
  const parts = [process.execPath, host, tool.dir, tool.installed];
  const key = createHash("sha256").update(parts.join("\n")).digest("hex").slice(0, 12);
  const dir = join(cacheRoot(), "shims", key);
  await mkdir(dir, { recursive: true });
  await place(join(dir, "node"), path => symlink(process.execPath, path));
  if (tool.origin === "release") return dir;
  const start = `#!/bin/sh\nexec ${quoted(process.execPath)} ${quoted(host)} "$@"\n`;
  await place(join(dir, "pulumi-language-nodejs"), script(start));
  await place(join(dir, "pulumi-resource-pulumi-nodejs"), script(await sdkProvider()));
  await place(join(dir, "pulumi"), path =>
    link(tool.bin("pulumi"), path).catch(() => copyFile(tool.bin("pulumi"), path)),
  );
  return dir;
};

const inherited = (): Record<string, string> =>
  Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );

/**
 * The locked Pulumi CLI, installed first if need be. An official release brings its own language host; a CLI that was
 * built here gets ours, and may not fetch plugins either.
 */
export const ensurePulumi = async (options: ToolOptions): Promise<PulumiCli> => {
  checkNode(process.version);
  const tool = await ensureTool("pulumi-3.259", options);
  const shims = await ensureShims(tool);
  const built = tool.origin === "built";
  const folders = [shims, ...(built ? [] : [tool.dir]), process.env["PATH"] ?? ""];
  return {
    pulumi: built ? join(shims, "pulumi") : tool.bin("pulumi"),
    env: {
      ...inherited(),
      PATH: folders.join(delimiter),
      PULUMI_SKIP_UPDATE_CHECK: "true",
      // What a clone has in node_modules for other clouds is not fetched for a stack that never uses it.
      PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    },
  };
};

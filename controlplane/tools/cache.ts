import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import type { ToolId, ToolLock } from "./lock";
import { thisPlatform } from "./platform";

/** Where tools live: outside the repository, so that every clone shares them. `CHANGEOVER_CACHE` moves it. */
export const cacheRoot = (): string =>
  process.env["CHANGEOVER_CACHE"] ??
  join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "changeover");

type ToolOrigin = "release" | "built";

export interface InstalledTool {
  readonly id: ToolId;
  readonly version: string;
  readonly origin: ToolOrigin;
  /** Holds the programs. */
  readonly dir: string;
  /** Size of all its files, in bytes. */
  readonly bytes: number;
  /** ISO time of installation. */
  readonly installed: string;
  /** Addresses it was downloaded from, or the Go packages it was built from. */
  readonly sources: readonly string[];
  /** Full path of a program; throws for a name that the tool does not have. */
  bin(name: string): string;
}

const RECORD = "tool.json";

const record = z.object({
  version: z.string(),
  origin: z.enum(["release", "built"]),
  installed: z.string(),
  sources: z.array(z.string()),
  /** Size of each file: a truncated copy is then seen without hashing hundreds of megabytes at each start. */
  sizes: z.record(z.string(), z.number()),
});

const toolsRoot = (): string => join(cacheRoot(), "tools");

/** One folder per version and platform, so that a shared home of several machines works. */
export const toolHome = (entry: ToolLock): string => {
  const { os, arch } = thisPlatform();
  return join(toolsRoot(), entry.id, `${entry.version}-${os}-${arch}`);
};

const asInstalled = (entry: ToolLock, dir: string, found: z.infer<typeof record>): InstalledTool => ({
  id: entry.id,
  version: found.version,
  origin: found.origin,
  dir,
  bytes: Object.values(found.sizes).reduce((sum, size) => sum + size, 0),
  installed: found.installed,
  sources: found.sources,
  bin: name => {
    if (name in entry.programs) return join(dir, name);
    throw new Error(`${entry.id} has no program "${name}"; it has ${Object.keys(entry.programs).join(", ")}`);
  },
});

const isWhole = async (dir: string, sizes: Readonly<Record<string, number>>): Promise<boolean> => {
  const checks = Object.entries(sizes).map(async ([name, size]) => {
    const seen = await stat(join(dir, name));
    return seen.size === size && (seen.mode & 0o100) !== 0;
  });
  return (await Promise.all(checks)).every(Boolean);
};

/** The tool if it is there and whole. Anything else, half a folder included, is "not installed". */
export const readInstalled = async (entry: ToolLock): Promise<InstalledTool | undefined> => {
  const dir = toolHome(entry);
  try {
    const found = record.parse(JSON.parse(await readFile(join(dir, RECORD), "utf8")));
    const complete = Object.keys(entry.programs).every(name => name in found.sizes);
    if (!complete || found.version !== entry.version || !(await isWhole(dir, found.sizes))) return undefined;
    return asInstalled(entry, dir, found);
  } catch {
    return undefined;
  }
};

const STAGING = ".staging-";

/** An empty folder beside the tool's home (same disk, so that the rename is atomic); leftovers of killed runs go. */
export const makeStaging = async (entry: ToolLock): Promise<string> => {
  const home = toolHome(entry);
  const parent = dirname(home);
  await mkdir(parent, { recursive: true });
  const leftovers = (await readdir(parent)).filter(name => name.startsWith(`${basename(home)}${STAGING}`));
  await Promise.all(leftovers.map(name => rm(join(parent, name), { recursive: true, force: true })));
  const staging = `${home}${STAGING}${process.pid}`;
  await mkdir(staging);
  return staging;
};

export interface Provenance {
  readonly origin: ToolOrigin;
  readonly sources: readonly string[];
}

/** Writes the record and moves the staging folder to its final place in one step. */
export const acceptStaging = async (entry: ToolLock, staging: string, from: Provenance): Promise<void> => {
  const names = await readdir(staging);
  const sizes = await Promise.all(
    names.map(async name => [name, (await stat(join(staging, name))).size] as const),
  );
  const found: z.infer<typeof record> = {
    version: entry.version,
    origin: from.origin,
    installed: new Date().toISOString(),
    sources: [...from.sources],
    sizes: Object.fromEntries(sizes),
  };
  await writeFile(join(staging, RECORD), `${JSON.stringify(found, undefined, 2)}\n`);
  const home = toolHome(entry);
  await rm(home, { recursive: true, force: true });
  await rename(staging, home);
};

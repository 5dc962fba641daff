import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildTool } from "./build";
import { acceptStaging, makeStaging, readInstalled, type InstalledTool, type Provenance } from "./cache";
import { withToolLock, type ToolOptions } from "./exclusive";
import { checkGo } from "./goToolchain";
import { TOOL_IDS, toolLabel, toolLock, type ToolId, type ToolLock } from "./lock";
import { diskFull, isDiskFull, noWay, ReleaseUnavailable } from "./problems";
import { describeSeconds } from "./progress";
import { proveVersions } from "./prove";
import { fetchRelease } from "./release";

const buildInstead = async (
  entry: ToolLock,
  staging: string,
  { whyNoRelease, ...options }: ToolOptions & { readonly whyNoRelease: string },
): Promise<Provenance> => {
  const whyNoBuild = await checkGo(entry.build.goAtLeast, options.signal);
  if (whyNoBuild !== undefined) throw noWay(entry, whyNoRelease, whyNoBuild);
  options.progress(`${toolLabel(entry)}: no official release (${whyNoRelease}); building it from Go modules`);
  return { origin: "built", sources: await buildTool(entry, staging, options) };
};

/** The official release if it can be had, else a build; a release that is wrong ends it. */
const fill = async (entry: ToolLock, staging: string, options: ToolOptions): Promise<Provenance> => {
  try {
    return { origin: "release", sources: await fetchRelease(entry, staging, options) };
  } catch (error) {
    if (!(error instanceof ReleaseUnavailable)) throw error;
    return buildInstead(entry, staging, { ...options, whyNoRelease: error.message });
  }
};

const makeExecutable = async (dir: string): Promise<void> => {
  for (const name of await readdir(dir)) await chmod(join(dir, name), 0o755);
};

const install = async (entry: ToolLock, options: ToolOptions): Promise<void> => {
  const started = Date.now();
  const staging = await makeStaging(entry);
  try {
    const from = await fill(entry, staging, options);
    await makeExecutable(staging);
    await proveVersions(entry, staging, options.signal);
    await acceptStaging(entry, staging, from);
    const took = describeSeconds((Date.now() - started) / 1000);
    options.progress(
      `${toolLabel(entry)}: ready (${from.origin === "built" ? "built" : "official release"}, ${took})`,
    );
  } catch (error) {
    throw isDiskFull(error) ? diskFull(entry, staging) : error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
};

/**
 * The tool at exactly the locked version, installed first if it is not in the cache.
 * Rejects with a ProblemError that says what to do, or with the signal's reason after an abort.
 */
export const ensureTool = async (id: ToolId, options: ToolOptions): Promise<InstalledTool> => {
  const entry = toolLock(id);
  const present = await readInstalled(entry);
  if (present !== undefined) return present;
  return withToolLock(entry, options, async inside => {
    const madeMeanwhile = await readInstalled(entry);
    if (madeMeanwhile !== undefined) return madeMeanwhile;
    await install(entry, inside);
    const made = await readInstalled(entry);
    if (made === undefined)
      throw new Error(`${toolLabel(entry)} vanished from the cache right after installation`);
    return made;
  });
};

export interface ListedTool {
  readonly id: ToolId;
  readonly version: string;
  readonly installed: InstalledTool | undefined;
}

/** Every tool of the lock, with what is in the cache. Installs nothing. */
export const listTools = async (): Promise<readonly ListedTool[]> =>
  Promise.all(
    TOOL_IDS.map(async id => {
      const entry = toolLock(id);
      return { id, version: entry.version, installed: await readInstalled(entry) };
    }),
  );

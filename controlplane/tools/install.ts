import { chmod, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { buildTool } from "./build";
import { acceptStaging, makeStaging, type Provenance } from "./cache";
import type { ToolOptions } from "./exclusive";
import { checkGo } from "./goToolchain";
import { toolLabel, type ToolLock } from "./lock";
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

/** Puts a tool into the cache, proven to be the locked version, or leaves nothing. */
export const install = async (entry: ToolLock, options: ToolOptions): Promise<void> => {
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

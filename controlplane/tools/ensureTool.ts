import { readInstalled, type InstalledTool } from "./cache";
import { withToolLock, type ToolOptions } from "./exclusive";
import { TOOL_IDS, toolLabel, toolLock, type ToolId } from "./lock";

/* eslint-disable @typescript-eslint/no-require-imports, @typescript-eslint/consistent-type-imports
   -- every preview of a lab comes by here and hardly ever has to download or build; an import() is not seen by tsx in CommonJS */
const loadInstall = () => (require("./install") as typeof import("./install")).install;

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
    await loadInstall()(entry, inside);
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
  /** Installed by whoever uses it, not with the others. */
  readonly onDemand: boolean;
}

/** Every tool of the lock, with what is in the cache. Installs nothing. */
export const listTools = async (): Promise<readonly ListedTool[]> =>
  Promise.all(
    TOOL_IDS.map(async id => {
      const entry = toolLock(id);
      const { version, onDemand = false } = entry;
      return { id, version, onDemand, installed: await readInstalled(entry) };
    }),
  );

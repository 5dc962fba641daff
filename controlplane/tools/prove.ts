import { join } from "node:path";
import { runChild } from "./child";
import type { ToolLock } from "./lock";
import { wrongVersion } from "./problems";

const LONGEST_ANSWER_MS = 60_000;

/** The version as a word of its own: 1.36.4 is not in "1.36.40" nor in "11.36.4". */
export const mentionsVersion = (text: string, version: string): boolean =>
  new RegExp(`(^|[^0-9.])${version.replaceAll(".", "\\.")}($|[^0-9.])`, "m").test(text);

/** Each program is run once and must name its version before the tool is accepted. */
export const proveVersions = async (entry: ToolLock, dir: string, signal: AbortSignal): Promise<void> => {
  for (const [name, program] of Object.entries(entry.programs)) {
    const env = { ...process.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const order = {
      command: join(dir, name),
      args: program.proof,
      env,
      signal,
      deadlineMs: LONGEST_ANSWER_MS,
    };
    const end = await runChild(order);
    const said = end.lastLines.join("\n");
    if (end.code !== 0 || !mentionsVersion(said, entry.version))
      throw wrongVersion(entry, name, said.slice(0, 200));
  }
};

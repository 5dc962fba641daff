/** The Pulumi engine as a scenario runs it: each command shown, its progress told. */
import { describeLive } from "./engineLines";
import { runPulumi } from "./pulumiRunner";
import type { PulumiRun } from "./pulumiRunner";
import type { Workspace } from "./pulumiWorkspace";
import type { Stage } from "./stage";

export const runEngine = async (
  workspace: Workspace,
  command: readonly string[],
  stage: Stage,
): Promise<PulumiRun> => {
  stage.say(`$ pulumi ${command.join(" ")}`);
  const run = await runPulumi(workspace, [...command, "--suppress-progress"], {
    signal: stage.signal,
    hurry: stage.hurry,
    onLine(line) {
      const text = command[0] === "preview" ? undefined : describeLive(line);
      if (text !== undefined) stage.say(text);
    },
  });
  // A run that was asked to stop may still end well; what comes after it must not begin.
  stage.signal.throwIfAborted();
  return run;
};

export const mustWork = (run: PulumiRun, what: string): PulumiRun => {
  if (run.code === 0) return run;
  throw new Error(`${what} failed:\n${run.lines.slice(-40).join("\n")}`);
};

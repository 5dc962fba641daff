/** Takes the demo away, whatever state it is in. */
import { destroyLab, labStatus } from "../lab";
import { DEMO_CLUSTER, isThere, removeHome } from "./demoHome";
import type { DemoHome } from "./demoHome";
import { describeLive } from "./engineLines";
import { runPulumi } from "./pulumiRunner";
import type { Workspace } from "./pulumiWorkspace";
import type { Stage } from "./stage";

/** Processes and files of the cluster and the demo's folder; one that is not there is fine. */
export const removeDemo = async (home: DemoHome, stage: Stage): Promise<void> => {
  await destroyLab(DEMO_CLUSTER, { progress: line => stage.say(line), signal: stage.signal });
  removeHome(home);
};

/** What a run before this one left is removed first, kept on purpose or not. */
export const clearLeftovers = async (home: DemoHome, stage: Stage): Promise<void> => {
  const { state, dir } = labStatus(DEMO_CLUSTER);
  if (!isThere(home) && (state === "incomplete" || state === "down")) return;
  stage.say(`an earlier demo is still there (${dir}): removing it first`);
  await removeDemo(home, stage);
};

/** `pulumi destroy`, as a user would; then what it can't know of. */
export const destroyDemo = async (workspace: Workspace, home: DemoHome, stage: Stage): Promise<void> => {
  const { signal, hurry } = stage;
  const onLine = (line: string): void => {
    const text = describeLive(line);
    if (text !== undefined) stage.say(text);
  };
  const run = await runPulumi(workspace, ["destroy", "--suppress-progress"], { signal, hurry, onLine });
  if (run.code !== 0)
    stage.say(`pulumi destroy ended with ${run.code ?? "a signal"}: removing the lab itself`);
  await removeDemo(home, stage);
};

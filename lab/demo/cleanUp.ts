/** Takes the demo away, whatever state it is in. */
import { readFile, writeFile } from "node:fs/promises";
import { destroyLab, labStatus } from "../lab";
import { DEMO_CLUSTER, isThere, removeHome } from "./demoHome";
import type { DemoHome } from "./demoHome";
import { runEngine } from "./engine";
import type { Workspace } from "./pulumiWorkspace";
import { editText } from "./stackText";
import type { Stage } from "./stage";
import type { Place } from "./steps";

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

/** What protects a stack from being destroyed is lifted in an `up` of its own, with the resource still in the program. */
const liftProtection = async (workspace: Workspace, place: Place, stage: Stage): Promise<void> => {
  const edits = place.scenario.unprotect;
  if (edits.length === 0) return;
  stage.say("protection is lifted first:");
  edits.forEach(({ path, value }) => stage.say(`  ${path}: ${JSON.stringify(value)}`));
  await writeFile(workspace.configFile, editText(await readFile(workspace.configFile, "utf8"), edits));
  await runEngine(workspace, ["up"], stage);
};

/** `pulumi destroy`, as a user would; then what it can't know of. */
export const destroyDemo = async (workspace: Workspace, place: Place, stage: Stage): Promise<void> => {
  await liftProtection(workspace, place, stage);
  const run = await runEngine(workspace, ["destroy"], stage);
  if (run.code !== 0)
    stage.say(`pulumi destroy ended with ${run.code ?? "a signal"}: removing the lab itself`);
  await removeDemo(place.home, stage);
};

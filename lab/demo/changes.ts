/** One reviewed change: the edit, the preview, and either its refusal or the `up`. */
import { readFile, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { describePlan, describeRefusal } from "./engineLines";
import { mustWork, runEngine } from "./engine";
import { doneIn, mustBeAsSaid, plannedIn } from "./plannedChange";
import type { PulumiRun } from "./pulumiRunner";
import type { Workspace } from "./pulumiWorkspace";
import type { Passage } from "./report/facts";
import { runProgram } from "./runProgram";
import type { Change } from "./scenario";
import { describeDiff, editText } from "./stackText";
import type { Stage } from "./stage";
import { asWritten, type Place } from "./steps";

/** Said as a user would, from the program's folder. */
const policies = ({ place, workspace }: Setting): readonly string[] => [
  "--policy-pack",
  relative(workspace.program, join(place.program, "policy")),
];
const COMMAND_MS = 120_000;

export interface ChangeMade {
  readonly passages: readonly Passage[];
  /** The `up`; absent where the preview refused, as was expected. */
  readonly up?: PulumiRun;
  /** Whether it ended otherwise than the scenario says: what comes after it is not begun. */
  readonly wrong: boolean;
}

interface Setting {
  readonly place: Place;
  readonly workspace: Workspace;
  readonly stage: Stage;
}

/** A command of our own on the stack's file, as its user would run it. */
const runCommand = async (command: string, { place, workspace, stage }: Setting): Promise<void> => {
  const args = [...command.split(" "), "--stack", workspace.stack];
  stage.say(`$ npx changeover ${args.join(" ")}`);
  const bin = [join(place.program, "cli", "bin.cjs"), ...args, "--cwd", workspace.scratch];
  const run = await runProgram(process.execPath, bin, {
    cwd: workspace.scratch,
    env: workspace.env,
    signal: stage.signal,
    timeoutMs: COMMAND_MS,
  });
  stage.signal.throwIfAborted();
  if (run.code !== 0) throw new Error(`changeover ${command} failed:\n${run.lines.join("\n")}`);
};

const editFile = async (change: Change, setting: Setting): Promise<string> => {
  const { configFile } = setting.workspace;
  const before = await readFile(configFile, "utf8");
  if (change.command !== undefined) await runCommand(change.command, setting);
  const after = editText(await readFile(configFile, "utf8"), change.edits);
  await writeFile(configFile, asWritten(setting.place, after));
  setting.stage.say(setting.place.scenario.stack);
  describeDiff(before, await readFile(configFile, "utf8")).forEach(line => setting.stage.say(line));
  return before;
};

/** @throws when the engine takes what it must not: then nothing that follows can be trusted. */
const mustRefuse = (run: PulumiRun, code: string): readonly string[] => {
  const refusal = describeRefusal(run.lines);
  if (run.code === 0) throw new Error(`the preview was not refused, where the scenario says ${code}`);
  if (refusal.some(line => line.includes(code))) return refusal;
  throw new Error(`the preview was refused, but not with ${code}:\n${run.lines.slice(-40).join("\n")}`);
};

const tryRefused = async (change: Change, code: string, setting: Setting): Promise<ChangeMade> => {
  const { workspace, stage } = setting;
  const before = await editFile(change, setting);
  const lines = mustRefuse(await runEngine(workspace, ["preview", ...policies(setting)], stage), code);
  lines.forEach(line => stage.say(line));
  await writeFile(workspace.configFile, before);
  stage.say("refused before anything changed; the edit is taken back");
  return { passages: [{ title: `refused: ${change.title}`, lines }], wrong: false };
};

const carryOut = async (change: Change, setting: Setting): Promise<ChangeMade> => {
  const { place, workspace, stage } = setting;
  await editFile(change, setting);
  const preview = mustWork(
    await runEngine(workspace, ["preview", ...policies(setting)], stage),
    "the preview",
  );
  const plan = describePlan(preview.lines);
  plan.forEach(line => stage.say(line));
  mustBeAsSaid(plannedIn(plan, place.cloud.controlPlane), change.plan, "the preview");
  const up = await runEngine(workspace, ["up", ...policies(setting)], stage);
  if (up.code !== 0) describeRefusal(up.lines).forEach(line => stage.say(line));
  const wrong = isWrong(up, change, place.cloud.controlPlane);
  const passages = [
    { title: `pulumi preview: ${change.title}`, lines: plan },
    { title: `pulumi up: ${change.title}`, lines: up.lines },
  ];
  return { up, passages, wrong };
};

/** One that shall fail does so with its code, after the control plane and before anything of a pool. */
const isWrong = (up: PulumiRun, { fails, plan }: Change, controlPlane: string): boolean => {
  if (fails === undefined && up.code !== 0) return true;
  const untouched = { ...plan, create: [], delete: [] };
  mustBeAsSaid(doneIn(up.events, controlPlane), fails === undefined ? plan : untouched, "the `up`");
  if (fails === undefined || up.lines.some(line => line.includes(fails))) return false;
  throw new Error(`the \`up\` did not end with ${fails}:\n${up.lines.slice(-40).join("\n")}`);
};

export const makeChange = (change: Change, setting: Setting): Promise<ChangeMade> => {
  setting.stage.heading(change.title);
  return change.refused === undefined
    ? carryOut(change, setting)
    : tryRefused(change, change.refused, setting);
};

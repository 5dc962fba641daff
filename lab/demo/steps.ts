/** The steps of the demo, each a function from what came before to what comes after. */
import { ensureTool, listTools } from "../../controlplane/tools";
import { openKube } from "../../kube";
import { labKubeconfig } from "../lab";
import { ensurePulumi } from "../languageHost/pulumi";
import { startAudit } from "./audit";
import type { RunningAudit } from "./audit";
import { DEMO_CLUSTER } from "./demoHome";
import type { DemoHome } from "./demoHome";
import { describeLive, describePlan, describeRefusal } from "./engineLines";
import { runPulumi } from "./pulumiRunner";
import type { PulumiRun } from "./pulumiRunner";
import { ensureWorkspace, writeConfig } from "./pulumiWorkspace";
import type { Workspace } from "./pulumiWorkspace";
import { openShop } from "./shop/openShop";
import type { Scenario, StandIn } from "./scenario";
import { type Config, readStackText } from "./stackConfig";
import type { Stage } from "./stage";

export const FROM = "1.35";
export const TO = "1.36";
const TOO_FAR = "1.37";
const POLICIES = ["--policy-pack", "policy"];

export interface Place {
  /** This repository: program and policies. */
  readonly program: string;
  readonly home: DemoHome;
  readonly scenario: Scenario;
  readonly cloud: StandIn;
}

const stackText = ({ program, scenario }: Place): string => readStackText(program, scenario.file);

const configAt = (place: Place, version: string): Config =>
  place.scenario.configAt(stackText(place), version);

const options = (stage: Stage): { progress: (line: string) => void; signal: AbortSignal } => ({
  progress: line => stage.say(line),
  signal: stage.signal,
});

export const prepareTools = async (stage: Stage): Promise<void> => {
  stage.heading("tools: etcd, two minors of Kubernetes, kwok, Pulumi");
  for (const { id } of await listTools()) {
    const { version, origin } = await ensureTool(id, options(stage));
    stage.say(
      `${id.replace(/-.*/, "").padEnd(11)} ${version.padEnd(8)} ${origin === "built" ? "built from source" : "official release"}`,
    );
  }
};

const engine = async (workspace: Workspace, command: readonly string[], stage: Stage): Promise<PulumiRun> => {
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

const mustWork = (run: PulumiRun, what: string): PulumiRun => {
  if (run.code === 0) return run;
  throw new Error(`${what} failed:\n${run.lines.slice(-40).join("\n")}`);
};

const setVersion = async (place: Place, workspace: Workspace, version: string): Promise<void> =>
  writeConfig(workspace, configAt(place, version));

export const raiseCluster = async (place: Place, stage: Stage): Promise<Workspace> => {
  const { program, home, cloud } = place;
  stage.heading(`a cluster at ${FROM}, by the program in this repository`);
  stage.say(place.scenario.standsIn);
  const { pulumi, env } = await ensurePulumi(options(stage));
  const cli = { pulumi, env: { ...env, ...cloud.env(env["PATH"] ?? "") } };
  const spec = { cli, program, scratch: home.dir, stack: DEMO_CLUSTER };
  const workspace = await ensureWorkspace(spec, configAt(place, FROM), stage.signal);
  mustWork(await engine(workspace, ["up"], stage), "making the cluster");
  return workspace;
};

const demoKubeconfig = (): string => {
  const kubeconfig = labKubeconfig(DEMO_CLUSTER);
  if (kubeconfig === undefined) throw new Error(`there is no lab ${DEMO_CLUSTER}`);
  return kubeconfig;
};

export const fillCluster = async (stage: Stage): Promise<void> => {
  stage.heading("a shop on it: budgets tight, loose and missing; state, a singleton, jobs");
  const kube = await openKube({ kubeconfig: demoKubeconfig() });
  try {
    let last = "";
    const progress = (line: string): void => {
      if (line !== last) stage.say(line);
      last = line;
    };
    stage.say(`${await openShop(kube, { signal: stage.signal, progress })} pods ready`);
  } finally {
    await kube.close();
  }
};

/** @returns the run that takes the workloads back, or undefined where the scenario does not show it. */
export const goBack = async (
  place: Place,
  workspace: Workspace,
  stage: Stage,
): Promise<PulumiRun | undefined> => {
  const config = place.scenario.configBack?.(stackText(place), TO, FROM);
  if (config === undefined) return undefined;
  await writeConfig(workspace, config);
  const run = await engine(workspace, ["up", ...POLICIES], stage);
  if (run.code !== 0) describeRefusal(run.lines).forEach(line => stage.say(line));
  return run;
};

export const hireAuditor = async ({ home }: Pick<Place, "home">, stage: Stage): Promise<RunningAudit> => {
  stage.heading("an independent auditor begins to watch");
  const audit = await startAudit({ kubeconfig: demoKubeconfig(), out: home.journal, signal: stage.signal });
  stage.say(
    `process ${audit.pid}: its own watches, its own judgement, ten requests a second on fresh connections`,
  );
  return audit;
};

/** @returns what the engine plans, as it is quoted in the report. */
export const previewUpgrade = async (
  place: Place,
  workspace: Workspace,
  stage: Stage,
): Promise<readonly string[]> => {
  const edit = place.scenario.describeEdit(stackText(place), FROM, TO);
  const lines = edit.filter(line => line.startsWith("+")).length;
  stage.heading(`the upgrade: ${lines === 1 ? "one line" : `${lines} lines`}, ${FROM} to ${TO}`);
  edit.forEach(line => stage.say(line));
  stage.say("(made in a copy: your files stay as they are)");
  await setVersion(place, workspace, TO);
  const plan = describePlan(
    mustWork(await engine(workspace, ["preview", ...POLICIES], stage), "the preview").lines,
  );
  plan.forEach(line => stage.say(line));
  return plan;
};

/** @throws when the engine takes a skipped minor: then nothing that follows can be trusted. */
export const tryTooFar = async (
  place: Place,
  workspace: Workspace,
  stage: Stage,
): Promise<readonly string[]> => {
  stage.heading(`what if somebody skips a minor: ${TOO_FAR}`);
  await setVersion(place, workspace, TOO_FAR);
  const run = await engine(workspace, ["preview", ...POLICIES], stage);
  if (run.code === 0) throw new Error(`a preview of ${TOO_FAR} was not refused`);
  const refusal = describeRefusal(run.lines);
  refusal.forEach(line => stage.say(line));
  stage.say(`refused before anything changed (exit code ${run.code ?? "none"}); back to ${TO}`);
  await setVersion(place, workspace, TO);
  return refusal;
};

export const upgrade = async (workspace: Workspace, stage: Stage): Promise<PulumiRun> => {
  stage.heading("the upgrade, for real");
  const run = await engine(workspace, ["up", ...POLICIES], stage);
  if (run.code !== 0) describeRefusal(run.lines).forEach(line => stage.say(line));
  return run;
};

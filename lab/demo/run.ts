/** `npm run demo` and `changeover example`: changes of one stack's file through the real engine, with auditors watching. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { playActs, type Played } from "./acts";
import { clearLeftovers, destroyDemo, removeDemo } from "./cleanUp";
import { claimHome, DEMO_CLUSTER, demoHome, leaveHome } from "./demoHome";
import type { Workspace } from "./pulumiWorkspace";
import type { ReportFacts } from "./report/facts";
import { describePage } from "./report/page";
import { describeChecks, describeReport, describeSpeed, describeSubjects } from "./report/text";
import { judgeRun, subjectsOf } from "./report/verdict";
import type { Verdict } from "./report/verdict";
import type { Scenario } from "./scenario";
import type { Stage } from "./stage";
import { fillCluster, openPlace, prepareTools, raiseCluster } from "./steps";
import type { Place } from "./steps";

export interface DemoRequest {
  /** This repository. */
  readonly program: string;
  /** Folder that the report goes to. */
  readonly reports: string;
  /** Leave the cluster running at the end. */
  readonly keep: boolean;
  readonly scenario: Scenario;
}

export interface DemoOutcome {
  readonly verdict: Verdict;
  readonly facts: ReportFacts;
  readonly page: string;
}

const plainVersion = (version: string | undefined): string => (version ?? "unknown").replace(/^v/, "");

const factsOf = ({ scenario, cloud }: Place, { acts, passages }: Played): ReportFacts => {
  const versions = acts.flatMap(act => act.audit).filter(line => line.kind === "version");
  return {
    title: scenario.title,
    cluster: DEMO_CLUSTER,
    standsIn: cloud.standsIn,
    from: plainVersion(versions[0]?.version),
    to: plainVersion(versions.at(-1)?.version),
    finished: acts.length === scenario.acts.length && acts.every(act => act.finished),
    acts,
    passages,
  };
};

const writeReport = (facts: ReportFacts, folder: string): string => {
  mkdirSync(folder, { recursive: true });
  const page = join(folder, "index.html");
  writeFileSync(page, describePage(facts));
  writeFileSync(join(folder, "report.txt"), describeReport(facts));
  return page;
};

const announce = (verdict: Verdict, facts: ReportFacts, stage: Stage): void => {
  stage.heading("the verdict");
  stage.say(verdict.headline);
  describeChecks(verdict.checks).forEach(line => stage.say(line));
  verdict.doubts.forEach(line => stage.say(`note ${line}`));
  stage.say("");
  const speed = describeSpeed(facts.acts.flatMap(act => act.drains));
  [...speed, ...(speed.length === 0 ? [] : [""])].forEach(line => stage.say(line));
  describeSubjects(subjectsOf(facts)).forEach(line => stage.say(line));
};

/** Says what is left, and how to look at it and remove it. */
export const describeLeft = (): readonly string[] => [
  `npx changeover lab status ${DEMO_CLUSTER}`,
  `export KUBECONFIG=$(npx changeover lab kubeconfig ${DEMO_CLUSTER})`,
  "npm run demo -- --down        removes everything the demo made",
];

interface Left {
  readonly place: Place;
  readonly workspace: Workspace;
}

const endDemo = async (
  outcome: DemoOutcome,
  keep: boolean,
  { place, workspace, stage }: Left & { readonly stage: Stage },
): Promise<readonly string[]> => {
  // What went wrong is looked at best where it is.
  if (keep || !outcome.verdict.good) return describeLeft();
  await destroyDemo(workspace, place, stage);
  return ["nothing of it is left; with --keep the cluster stays, to look around in"];
};

const runOn = async (place: Place, request: DemoRequest, stage: Stage): Promise<DemoOutcome> => {
  const workspace = await raiseCluster(place, stage);
  await fillCluster(place.scenario.workloads, stage);
  const facts = factsOf(place, await playActs({ place, workspace, stage }));
  const verdict = judgeRun(facts);
  const outcome = { verdict, facts, page: writeReport(facts, request.reports) };
  announce(verdict, facts, stage);
  stage.heading("and now");
  stage.say(`report: ${outcome.page} (and report.txt beside it)`);
  (await endDemo(outcome, request.keep, { place, workspace, stage })).forEach(line => stage.say(line));
  return outcome;
};

export const runDemo = async (request: DemoRequest, stage: Stage): Promise<DemoOutcome> => {
  const home = demoHome();
  claimHome(home);
  try {
    await prepareTools(stage);
    await clearLeftovers(home, stage);
    claimHome(home);
    const place = await openPlace(request.program, request.scenario, home);
    return await runOn(place, request, stage).finally(place.standIn.close);
  } finally {
    leaveHome(home);
  }
};

/** `npm run demo -- --down`. */
export const takeDown = async (stage: Stage): Promise<void> => {
  const home = demoHome();
  claimHome(home);
  await removeDemo(home, stage);
};

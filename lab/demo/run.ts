/** `npm run demo`: one changed line upgrades a real cluster through the real engine, with an auditor watching. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { RunningAudit } from "./audit";
import { clearLeftovers, destroyDemo, removeDemo } from "./cleanUp";
import { claimHome, DEMO_CLUSTER, demoHome, leaveHome } from "./demoHome";
import { drainsOf, spansOf } from "./engineEvents";
import type { PulumiRun } from "./pulumiRunner";
import type { Workspace } from "./pulumiWorkspace";
import type { Passage, ReportFacts } from "./report/facts";
import { describePage } from "./report/page";
import { describeChecks, describeReport, describeSpeed, describeSubjects } from "./report/text";
import { judgeRun, seconds } from "./report/verdict";
import type { Verdict } from "./report/verdict";
import type { Stage } from "./stage";
import {
  fillCluster,
  FROM,
  goBack,
  hireAuditor,
  prepareTools,
  previewUpgrade,
  raiseCluster,
  tryTooFar,
  upgrade,
} from "./steps";
import type { Place } from "./steps";
import { SCENARIOS } from "./scenario";
import type { Scenario, ScenarioName } from "./scenario";

export interface DemoRequest {
  /** This repository. */
  readonly program: string;
  /** Folder that the report goes to. */
  readonly reports: string;
  /** Leave the cluster running at the end. */
  readonly keep: boolean;
  /** Which of the repository's stacks is shown. */
  readonly stack: ScenarioName;
}

export interface DemoOutcome {
  readonly verdict: Verdict;
  readonly facts: ReportFacts;
  readonly page: string;
}

const plainVersion = (version: string | undefined): string => (version ?? "unknown").replace(/^v/, "");

interface Watched {
  readonly scenario: Scenario;
  readonly run: PulumiRun;
  readonly audit: RunningAudit;
  readonly passages: readonly Passage[];
}

const gatherFacts = async ({ scenario, run, audit, passages }: Watched): Promise<ReportFacts> => {
  const { lines, summary } = await audit.stop();
  const versions = lines.filter(line => line.kind === "version");
  return {
    cluster: DEMO_CLUSTER,
    standsIn: scenario.standsIn,
    from: plainVersion(versions[0]?.version),
    to: plainVersion(versions.at(-1)?.version),
    upgraded: run.code === 0,
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    spans: spansOf(run.events, run.endedAt),
    drains: drainsOf(run.events),
    passages: [...passages, { title: "pulumi up", lines: run.lines }],
    audit: lines,
    summary,
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
  const speed = describeSpeed(facts.drains);
  [...speed, ...(speed.length === 0 ? [] : [""])].forEach(line => stage.say(line));
  describeSubjects(facts.summary.subjects).forEach(line => stage.say(line));
};

const watchUpgrade = async (
  place: Place,
  stage: Stage,
): Promise<Omit<DemoOutcome, "page"> & { readonly tidy: () => Promise<void> }> => {
  const workspace = await raiseCluster(place, stage);
  await fillCluster(stage);
  const audit = await hireAuditor(place, stage);
  try {
    const plan = await previewUpgrade(place, workspace, stage);
    const refusal = await tryTooFar(place, workspace, stage);
    const run = await upgrade(workspace, stage);
    const passages = [
      { title: "pulumi preview", lines: plan },
      { title: "pulumi preview of a skipped minor: refused", lines: refusal },
    ];
    const facts = await gatherFacts({ scenario: place.scenario, run, audit, passages });
    const verdict = await judgeWayBack(place, { workspace, verdict: judgeRun(facts) }, stage);
    return { verdict, facts, tidy: () => destroyDemo(workspace, place.home, stage) };
  } finally {
    audit.abandon();
  }
};

/** The way back has an auditor of its own: moved back is not moved twice. What it finds counts as much. */
const judgeWayBack = async (
  place: Place,
  { workspace, verdict }: { readonly workspace: Workspace; readonly verdict: Verdict },
  stage: Stage,
): Promise<Verdict> => {
  if (place.scenario.configBack === undefined || !verdict.good) return verdict;
  const audit = await hireAuditor(place, stage);
  try {
    stage.heading(`and back: the pools' version set to ${FROM}, the control plane stays`);
    const run = await goBack(place, workspace, stage);
    const { summary } = await audit.stop();
    const good = run?.code === 0 && summary.clean;
    const back = good
      ? `went back in ${seconds(run.endedAt - run.startedAt)}, ${summary.moved} pods, nothing found`
      : "the way back failed or broke a budget: see the journal";
    return { ...verdict, good, headline: `${verdict.headline}; ${back}` };
  } finally {
    audit.abandon();
  }
};

/** Says what is left, and how to look at it and remove it. */
export const describeLeft = (): readonly string[] => [
  `npx changeover lab status ${DEMO_CLUSTER}`,
  `export KUBECONFIG=$(npx changeover lab kubeconfig ${DEMO_CLUSTER})`,
  "npm run demo -- --down        removes everything the demo made",
];

const endDemo = async (
  outcome: DemoOutcome,
  keep: boolean,
  tidy: () => Promise<void>,
): Promise<readonly string[]> => {
  // What went wrong is looked at best where it is.
  if (keep || !outcome.verdict.good) return describeLeft();
  await tidy();
  return ["nothing of the demo is left; `npm run demo -- --keep` leaves the cluster to look around in"];
};

const runOn = async (place: Place, request: DemoRequest, stage: Stage): Promise<DemoOutcome> => {
  const { tidy, ...seen } = await watchUpgrade(place, stage);
  const outcome = { ...seen, page: writeReport(seen.facts, request.reports) };
  announce(seen.verdict, seen.facts, stage);
  stage.heading("and now");
  stage.say(`report: ${outcome.page} (and report.txt beside it)`);
  (await endDemo(outcome, request.keep, tidy)).forEach(line => stage.say(line));
  return outcome;
};

export const runDemo = async (request: DemoRequest, stage: Stage): Promise<DemoOutcome> => {
  const home = demoHome();
  const scenario = SCENARIOS[request.stack];
  claimHome(home);
  try {
    await prepareTools(stage);
    await clearLeftovers(home, stage);
    claimHome(home);
    const cloud = await scenario.open(home);
    return await runOn({ program: request.program, home, scenario, cloud }, request, stage).finally(
      cloud.close,
    );
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

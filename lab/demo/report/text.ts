/** The same report for a terminal, a ticket or a log. */
import type { SubjectSummary } from "../../auditor/format";
import type { ActFacts, DrainFigures, Passage, ReportFacts } from "./facts";
import { blindSpots } from "./merge";
import { SPEED_COLUMNS, SPEED_TITLE, speedRow } from "./speed";
import { readTimeline } from "./timeline";
import type { Lane, Timeline } from "./timeline";
import { describeCheck, judgeRun, subjectsOf } from "./verdict";
import type { Check } from "./verdict";

/** Columns as wide as their widest cell; numbers to the right. */
export const describeTable = (rows: readonly (readonly string[])[]): readonly string[] => {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map(row => row[column]?.length ?? 0)));
  const cell = (text: string, column: number): string =>
    /^\d+$/.test(text) ? text.padStart(widths[column] ?? 0) : text.padEnd(widths[column] ?? 0);
  return rows.map(row => row.map(cell).join("  ").trimEnd());
};

export const describeSubjects = (subjects: readonly SubjectSummary[]): readonly string[] =>
  describeTable([
    ["workload", "floor by", "floor", "lowest ready", "evicted"],
    ...subjects.map(one => [
      one.title,
      one.kind === "budget" ? "budget" : "synthetic",
      String(one.floor),
      one.wasMet ? String(one.lowestReady) : "never met",
      String(one.evicted),
    ]),
  ]);

/** No line where nothing is known: the engine did not come that far. */
export const describeSpeed = (drains: readonly DrainFigures[]): readonly string[] =>
  drains.length === 0 ? [] : describeTable([SPEED_COLUMNS, ...drains.map(speedRow)]);

const COLUMNS = 60;

/** One sign a column: how the ready pods of that moment divide. */
const signOf = (lane: Lane, at: number): string => {
  const moment = lane.moments.findLast(one => one.at <= at);
  if (moment === undefined || moment.blue + moment.green === 0) return " ";
  if (moment.green === 0) return "o";
  return moment.blue === 0 ? "#" : "+";
};

const bandOf = (lane: Lane, timeline: Timeline): string =>
  Array.from({ length: COLUMNS }, (_, column) =>
    signOf(lane, timeline.from + ((column + 1) / COLUMNS) * (timeline.to - timeline.from)),
  ).join("");

const describeLanes = (timeline: Timeline): readonly string[] => {
  const lanes = [timeline.nodes, ...timeline.workloads];
  const length = Math.round((timeline.to - timeline.from) / 1000);
  return [
    `where ready pods were over ${length} s: o old nodes, + both, # new nodes, blank none ready`,
    ...describeTable(lanes.map(lane => [lane.title, `|${bandOf(lane, timeline)}|`])),
  ];
};

export const describeChecks = (checks: readonly Check[]): readonly string[] =>
  checks.flatMap(check => [
    `${check.count === 0 ? "ok  " : "BAD "} ${describeCheck(check)}`,
    ...check.findings.map(line => `       ${line}`),
  ]);

const section = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [] : ["", title, ...lines.map(line => `  ${line}`.trimEnd())];

const describePassage = ({ title, lines }: Passage): readonly string[] => section(title, lines);

const describeAct = (act: ActFacts, _index: number, acts: readonly ActFacts[]): readonly string[] => {
  const title = acts.length === 1 ? "timeline" : `timeline: ${act.title}`;
  return section(title, describeLanes(readTimeline(act, acts[0] ?? act)));
};

const beginOf = ({ acts }: ReportFacts): string => new Date(acts[0]?.startedAt ?? 0).toISOString();

export const describeReport = (facts: ReportFacts): string => {
  const verdict = judgeRun(facts);
  return [
    verdict.headline,
    `cluster ${facts.cluster}, ${beginOf(facts)}`,
    facts.standsIn,
    ...section("auditor", describeChecks(verdict.checks)),
    ...section("worth knowing", verdict.doubts),
    ...section(SPEED_TITLE.toLowerCase(), describeSpeed(facts.acts.flatMap(act => act.drains))),
    ...section("lowest ready pods against the floor", describeSubjects(subjectsOf(facts))),
    ...facts.acts.flatMap(describeAct),
    ...facts.passages.flatMap(describePassage),
    ...section("what the auditor cannot see", blindSpots(facts)),
    "",
  ].join("\n");
};

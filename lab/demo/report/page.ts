/** The page: one file, nothing loaded from elsewhere, so that it can be attached to a change and read years later. */
import type { SubjectSummary } from "../../auditor/format";
import type { ActFacts, DrainFigures, Passage, ReportFacts } from "./facts";
import { element, escapeText } from "./markup";
import { blindSpots } from "./merge";
import { drawPicture } from "./picture";
import { SPEED_COLUMNS, SPEED_NOTE, SPEED_TITLE, speedRow } from "./speed";
import { STYLE } from "./style";
import { readTimeline } from "./timeline";
import { judgeRun, labelOf, subjectsOf } from "./verdict";
import type { Check, Verdict } from "./verdict";

const card = (check: Check): string =>
  element(
    "div",
    { class: check.count === 0 ? "check" : "check found" },
    element("b", {}, String(check.count)),
    element("span", {}, escapeText(labelOf(check))),
    element("small", {}, escapeText(check.outOf)),
  );

const list = (lines: readonly string[]): string =>
  element("ul", {}, ...lines.map(line => element("li", {}, escapeText(line))));

const findings = (checks: readonly Check[]): string => {
  const found = checks.filter(check => check.count > 0);
  if (found.length === 0) return "";
  const parts = found.map(
    check => element("p", {}, escapeText(`${check.count} ${labelOf(check)}`)) + list(check.findings),
  );
  return element("div", { class: "findings" }, ...parts);
};

const doubts = (lines: readonly string[]): string =>
  lines.length === 0
    ? ""
    : element("div", { class: "doubts" }, element("p", {}, "Worth knowing"), list(lines));

const judges = ({ acts }: ReportFacts): string =>
  acts.length === 1
    ? "judged by an auditor that shares no code with the upgrade"
    : `${acts.length} parts, each judged by an auditor of its own that shares no code with the upgrade: what goes back is not moved twice`;

const head = (facts: ReportFacts, verdict: Verdict): string => {
  const badge = verdict.good ? "nothing broken" : "something broke";
  const when = `cluster ${facts.cluster} · ${new Date(facts.acts[0]?.startedAt ?? 0)
    .toISOString()
    .replace(/\.\d+Z$/, " UTC")
    .replace("T", " ")}`;
  return (
    element("span", { class: `badge ${verdict.good ? "good" : "bad"}` }, badge) +
    element("h1", {}, escapeText(verdict.headline)) +
    element("p", { class: "soft" }, escapeText(`${when} · ${judges(facts)}`)) +
    element("p", { class: "soft" }, escapeText(facts.standsIn)) +
    element("div", { class: "checks" }, ...verdict.checks.map(card)) +
    findings(verdict.checks) +
    doubts(verdict.doubts)
  );
};

const key = (paint: string, text: string): string =>
  element("span", {}, element("i", { style: `background:${paint}` }), escapeText(text));

const LEGEND = element(
  "div",
  { class: "legend" },
  key("var(--blue)", "ready on old nodes"),
  key("var(--green)", "ready on new nodes"),
  key(
    "repeating-linear-gradient(90deg, var(--floor) 0 4px, transparent 4px 7px) center/100% 2px no-repeat",
    "floor: fewer must never be ready",
  ),
  key("var(--swap)", "API servers changing over"),
  key("var(--bad)", "a floor broken"),
);

const row = (subject: SubjectSummary): string =>
  element(
    "tr",
    { class: subject.lowestReady < subject.floor && subject.wasMet ? "broken" : undefined },
    element("td", {}, escapeText(subject.title)),
    element("td", {}, subject.kind === "budget" ? "PodDisruptionBudget" : "none: synthetic floor"),
    element("td", { class: "number" }, String(subject.floor)),
    element("td", { class: "number" }, subject.wasMet ? String(subject.lowestReady) : "never met"),
    element("td", { class: "number" }, String(subject.evicted)),
  );

const table = (subjects: readonly SubjectSummary[]): string => {
  const titles = [
    ["workload", ""],
    ["budget", ""],
    ["floor", "number"],
    ["lowest ready seen", "number"],
    ["pods evicted", "number"],
  ] as const;
  const header = titles.map(([title, kind]) => element("th", kind === "" ? {} : { class: kind }, title));
  return element("table", {}, element("tr", {}, ...header), ...subjects.map(row));
};

const speedCell = (kind: "th" | "td") => (text: string, column: number) =>
  element(kind, column < 2 ? {} : { class: "number" }, escapeText(text));

const speed = (drains: readonly DrainFigures[]): string => {
  if (drains.length === 0) return "";
  const header = element("tr", {}, ...SPEED_COLUMNS.map(speedCell("th")));
  const rows = drains.map(drain => element("tr", {}, ...speedRow(drain).map(speedCell("td"))));
  return (
    element("h2", {}, escapeText(SPEED_TITLE)) +
    element("p", { class: "soft" }, escapeText(SPEED_NOTE)) +
    element("table", {}, header, ...rows)
  );
};

const passage = ({ title, lines }: Passage): string =>
  element(
    "details",
    {},
    element("summary", {}, escapeText(title)),
    element("pre", {}, escapeText(lines.join("\n"))),
  );

const picture = (act: ActFacts, _index: number, acts: readonly ActFacts[]): string =>
  (acts.length === 1 ? "" : element("h3", {}, escapeText(act.title))) +
  element("div", { class: "scroll" }, drawPicture(act, readTimeline(act, acts[0] ?? act)));

const body = (facts: ReportFacts, verdict: Verdict): string =>
  element(
    "main",
    {},
    head(facts, verdict),
    element("h2", {}, "Where everything was, and when"),
    element(
      "p",
      { class: "soft" },
      "Time since the engine began to work; the height of a lane is the number of ready pods.",
    ),
    LEGEND,
    ...facts.acts.map(picture),
    speed(facts.acts.flatMap(act => act.drains)),
    element("h2", {}, "Lowest ready pods against the floor"),
    table(subjectsOf(facts)),
    element("h2", {}, "In the engine's own words"),
    ...facts.passages.map(passage),
    element("h2", {}, "What the auditor cannot see"),
    list(blindSpots(facts)),
  );

export const describePage = (facts: ReportFacts): string => {
  const verdict = judgeRun(facts);
  const title = element("title", {}, escapeText(verdict.headline));
  const meta = '<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">';
  return `<!doctype html>\n<html lang="en"><head>${meta}${title}<style>${STYLE}</style></head><body>${body(facts, verdict)}</body></html>\n`;
};

/** The verdict in words, made once for the terminal, the text and the page. */
import type { AuditSummary, SubjectSummary } from "../../auditor/format";
import type { ActFacts, ReportFacts } from "./facts";
import { mergeSubjects, mostNodesIn } from "./merge";

export interface Check {
  /** For any number but one. */
  readonly label: string;
  readonly single: string;
  readonly count: number;
  /** What was looked at, so that a 0 has a size. */
  readonly outOf: string;
  readonly findings: readonly string[];
}

export interface Verdict {
  readonly good: boolean;
  readonly headline: string;
  readonly checks: readonly Check[];
  /** What makes the verdict weaker without being a finding. */
  readonly doubts: readonly string[];
}

const MOST_FINDINGS = 8;

/** Sorted, capped and counted. */
const capped = (lines: readonly string[]): readonly string[] => {
  const sorted = [...lines].sort();
  const rest = sorted.length - MOST_FINDINGS;
  return rest > 0 ? [...sorted.slice(0, MOST_FINDINGS), `and ${rest} more`] : sorted;
};

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

const count = (many: number, one: string, more = `${one}s`): string => `${many} ${many === 1 ? one : more}`;

/** What all auditors saw, put together; each judged its own act. */
type Seen = Pick<
  AuditSummary,
  "violations" | "doubleMoves" | "failedRequests" | "wrongEvictions" | "nodeLosses" | "moved" | "subjects"
> & { readonly requests: Pick<AuditSummary["requests"], "sent" | "slowestMs"> };

const gather = (facts: ReportFacts): Seen => {
  const all = facts.acts.map(act => act.summary);
  return {
    violations: facts.acts.flatMap(act => (act.acceptsOutage === true ? [] : act.summary.violations)),
    doubleMoves: all.flatMap(one => one.doubleMoves),
    failedRequests: all.flatMap(one => one.failedRequests),
    wrongEvictions: all.flatMap(one => one.wrongEvictions),
    nodeLosses: all.flatMap(one => one.nodeLosses),
    moved: all.reduce((sum, one) => sum + one.moved, 0),
    subjects: subjectsOf(facts),
    requests: {
      sent: all.reduce((sum, one) => sum + one.requests.sent, 0),
      slowestMs: Math.max(0, ...all.map(one => one.requests.slowestMs)),
    },
  };
};

/** Each floor at its tightest moment of the whole story. */
export const subjectsOf = ({ acts }: ReportFacts): readonly SubjectSummary[] =>
  mergeSubjects(acts.map(act => act.summary.subjects));

const violationsOf = ({ violations, subjects }: Seen): Check => ({
  label: "budget violations",
  single: "budget violation",
  count: violations.length,
  outOf: count(subjects.length, "floor"),
  findings: capped(
    violations.map(
      ({ subject, floor, lowest, falls }) =>
        `${subject}: ${lowest} ready where ${floor} had to be, by ${falls.map(fall => `${fall.pod} (${fall.cause})`).join(", ")}`,
    ),
  ),
});

const doubleMovesOf = ({ doubleMoves, moved }: Seen): Check => ({
  label: "double moves",
  single: "double move",
  count: doubleMoves.length,
  outOf: `${count(moved, "pod")} moved`,
  findings: capped(doubleMoves.map(one => `${one.workload}: ${one.pods.join(" → ")}`)),
});

const failuresOf = ({ failedRequests, requests }: Seen): Check => ({
  label: "failed API requests",
  single: "failed API request",
  count: failedRequests.length,
  outOf: `${requests.sent} sent, slowest ${requests.slowestMs} ms`,
  findings: capped(
    failedRequests.map(
      one => `${new Date(one.at).toISOString()} ${one.request}: ${one.status ?? ""} ${one.error}`,
    ),
  ),
});

const wrongOf = ({ wrongEvictions, moved }: Seen): Check => ({
  label: "wrong evictions",
  single: "wrong eviction",
  count: wrongEvictions.length,
  outOf: `${count(moved, "pod")} moved, each judged by its node`,
  findings: capped(wrongEvictions.map(one => `${one.pod} on ${one.node} (${one.why})`)),
});

const lossesOf = ({ nodeLosses }: Seen): Check => ({
  label: "nodes deleted with pods on them",
  single: "node deleted with pods on it",
  count: nodeLosses.length,
  outOf: "every node that went",
  findings: capped(nodeLosses.map(one => `${one.node}: ${one.pods.join(", ")}`)),
});

const unproven = (subjects: readonly SubjectSummary[]): readonly string[] =>
  subjects
    .filter(one => !one.wasMet)
    .map(one => `${one.title} was never at its floor, so nothing is proven about it`);

const blindness = (summary: AuditSummary): readonly string[] => {
  const blind = summary.gaps.filter(gap => gap.kind === "blind");
  if (blind.length === 0) return [];
  const longest = Math.max(...blind.map(gap => gap.tookMs));
  const vanished = blind.reduce((sum, gap) => sum + gap.vanished, 0);
  const what = [...new Set(blind.map(gap => gap.resource))].sort().join(", ");
  return [
    `the auditor was blind for up to ${seconds(longest)} (${what}); ${vanished === 0 ? "nothing" : count(vanished, "object")} vanished meanwhile`,
  ];
};

const STALL_MS = 1_000;

const doubtsOf = (summary: AuditSummary): readonly string[] => [
  ...unproven(summary.subjects),
  ...blindness(summary),
  ...(summary.stalledMs > STALL_MS
    ? [`the auditor itself stood still for ${seconds(summary.stalledMs)}`]
    : []),
  ...(summary.requests.skipped > 0
    ? [`${summary.requests.skipped} requests were not sent: too many were open`]
    : []),
];

const capOf = (act: ActFacts): readonly Check[] => {
  const { mostNodes } = act;
  if (mostNodes === undefined) return [];
  const seen = mostNodesIn(act.audit);
  const over = Math.max(0, seen - mostNodes);
  return [
    {
      label: "nodes above the cap",
      single: "node above the cap",
      count: over,
      outOf: `${seen} at most, ${mostNodes} allowed`,
      findings: over === 0 ? [] : [`${seen} nodes were there at once in "${act.title}"`],
    },
  ];
};

/** What config accepts is no finding, and never silent: how low it fell, and for how long. */
const acceptedIn = ({ acceptsOutage, summary, endedAt }: ActFacts): readonly string[] =>
  acceptsOutage === true
    ? summary.violations.map(
        ({ subject, lowest, floor, at, until = endedAt }) =>
          `accepted outage: ${subject} at ${lowest} ready where ${floor} had to be, for ${seconds(until - at)}`,
      )
    : [];

/** Found nothing but what is accepted; the other findings are counted by the checks. */
const isClean = ({ acceptsOutage, summary }: ActFacts): boolean =>
  summary.clean || (acceptsOutage === true && summary.violations.length > 0);

const actLine = (act: ActFacts): string =>
  `${act.title} in ${seconds(act.tookMs)} (${count(act.summary.moved, "pod")})`;

/** An upgrade in one part says so; a story of several names each part with its time. */
const headlineOf = ({ acts, from, to, finished, title }: ReportFacts): string => {
  const [what, short] =
    from === to ? [title, title] : [`upgraded ${from} → ${to}`, `the upgrade ${from} → ${to}`];
  const [first, ...later] = acts;
  if (!finished || first === undefined) return `${short} did not finish`;
  if (later.length === 0) return `${what} in ${seconds(first.tookMs)}`;
  return `${from === to ? title : `${from} → ${to}`}: ${acts.map(actLine).join("; ")}`;
};

export const judgeRun = (facts: ReportFacts): Verdict => {
  const seen = gather(facts);
  const checks = [
    ...[violationsOf, doubleMovesOf, failuresOf, wrongOf, lossesOf].map(look => look(seen)),
    ...facts.acts.flatMap(capOf),
  ];
  const clean = facts.acts.every(isClean) && checks.every(check => check.count === 0);
  const doubts = [
    ...new Set([...facts.acts.flatMap(acceptedIn), ...facts.acts.flatMap(act => doubtsOf(act.summary))]),
  ];
  return { good: facts.finished && clean, headline: headlineOf(facts), checks, doubts };
};

export const labelOf = ({ count: found, label, single }: Check): string => (found === 1 ? single : label);

export const describeCheck = (check: Check): string => `${check.count} ${labelOf(check)} (${check.outOf})`;

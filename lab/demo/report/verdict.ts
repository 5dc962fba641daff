/** The verdict in words, made once for the terminal, the text and the page. */
import type { AuditSummary, SubjectSummary } from "../../auditor/format";
import type { ReportFacts } from "./facts";

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

const violationsOf = ({ violations, subjects }: AuditSummary): Check => ({
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

const doubleMovesOf = ({ doubleMoves, moved }: AuditSummary): Check => ({
  label: "double moves",
  single: "double move",
  count: doubleMoves.length,
  outOf: `${count(moved, "pod")} moved`,
  findings: capped(doubleMoves.map(one => `${one.workload}: ${one.pods.join(" → ")}`)),
});

const failuresOf = ({ failedRequests, requests }: AuditSummary): Check => ({
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

const wrongOf = ({ wrongEvictions, moved }: AuditSummary): Check => ({
  label: "wrong evictions",
  single: "wrong eviction",
  count: wrongEvictions.length,
  outOf: `${count(moved, "pod")} moved, each judged by its node`,
  findings: capped(wrongEvictions.map(one => `${one.pod} on ${one.node} (${one.why})`)),
});

const lossesOf = ({ nodeLosses }: AuditSummary): Check => ({
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

export const judgeRun = (facts: ReportFacts): Verdict => {
  const { summary, upgraded, from, to } = facts;
  const checks = [violationsOf, doubleMovesOf, failuresOf, wrongOf, lossesOf].map(look => look(summary));
  const took = seconds(facts.endedAt - facts.startedAt);
  const done = upgraded
    ? `upgraded ${from} → ${to} in ${took}`
    : `the upgrade ${from} → ${to} did not finish`;
  return { good: upgraded && summary.clean, headline: done, checks, doubts: doubtsOf(summary) };
};

export const labelOf = ({ count: found, label, single }: Check): string => (found === 1 ? single : label);

export const describeCheck = (check: Check): string => `${check.count} ${labelOf(check)} (${check.outOf})`;

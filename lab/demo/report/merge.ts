/** What several auditors saw, put together. */
import type { AuditLine, SubjectSummary } from "../../auditor/format";
import type { ReportFacts } from "./facts";

const tighter = (left: SubjectSummary, right: SubjectSummary): SubjectSummary => {
  const room = (one: SubjectSummary): number => (one.wasMet ? one.lowestReady - one.floor : Infinity);
  return room(right) < room(left) ? right : left;
};

/** Budgets over several audits: the tightest moment of each, and all its evictions. */
export const mergeSubjects = (audits: readonly (readonly SubjectSummary[])[]): readonly SubjectSummary[] => {
  const merged = new Map<string, SubjectSummary>();
  for (const one of audits.flat()) {
    const known = merged.get(one.subject);
    const evicted = (known?.evicted ?? 0) + one.evicted;
    merged.set(one.subject, { ...(known === undefined ? one : tighter(known, one)), evicted });
  }
  return [...merged.values()];
};

/** How many nodes there were at once, at most. */
export const mostNodesIn = (audit: readonly AuditLine[]): number => {
  const there = new Set<string>();
  return audit
    .filter(line => line.kind === "node")
    .reduce((most, { node, change }) => {
      if (change === "gone") there.delete(node);
      else there.add(node);
      return Math.max(most, there.size);
    }, 0);
};

/** What no auditor can see, said once. */
export const blindSpots = ({ acts }: ReportFacts): readonly string[] => [
  ...new Set(acts.flatMap(act => act.summary.cannotSee)),
];

import { violationsOf, summariseFloors } from "./floors";
import type { AuditSummary, FailedRequest, Gap, RequestSummary } from "./format";
import type { Case } from "./judge";

/** Said in every summary, because a clean audit is worth only what it could have seen. */
export const CANNOT_SEE: readonly string[] = [
  "readiness is what the API says: traffic that fails while a pod is called ready is not seen",
  "two changes of one pod that reach the API as one are seen as one",
  "in a blind gap (up to 2 s pass as clean if no pod vanished in it), a pod that was made and removed between two lists is not seen",
  "which pod replaces which is told by order within a workload; the count of double moves does not depend on it",
  "pods of Jobs and DaemonSets and bare pods have no floor unless a PodDisruptionBudget selects them",
];

export interface Evidence {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly gaps: readonly Gap[];
  readonly requests: RequestSummary;
  readonly failedRequests: readonly FailedRequest[];
  readonly stalledMs: number;
}

/** Nothing in this lab is made, served and removed within so short a time, so that little can hide in it. */
const SHORT_MS = 2_000;

const isHarmless = (gap: Gap): boolean =>
  gap.kind === "late" || (gap.tookMs <= SHORT_MS && (gap.vanished === 0 || gap.resource !== "pods"));

/** Clean means: nothing found, and no gap in which something could well have hidden. */
const isClean = (summary: Omit<AuditSummary, "clean">): boolean =>
  summary.violations.length === 0 &&
  summary.doubleMoves.length === 0 &&
  summary.failedRequests.length === 0 &&
  summary.wrongEvictions.length === 0 &&
  summary.nodeLosses.length === 0 &&
  summary.gaps.every(isHarmless);

export const summarise = (open: Case, evidence: Evidence): AuditSummary => {
  const summary = {
    ...evidence,
    violations: violationsOf(open.floors),
    doubleMoves: open.moves.found,
    wrongEvictions: open.wrongEvictions,
    nodeLosses: open.nodeLosses,
    subjects: summariseFloors(open.floors),
    moved: open.moves.moved,
    cannotSee: CANNOT_SEE,
  };
  return { ...summary, clean: isClean(summary) };
};

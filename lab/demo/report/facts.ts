import type { AuditLine, AuditSummary } from "../../auditor/format";

/** One resource that the engine worked on: a row of the upper half of the picture. */
export interface ResourceSpan {
  readonly name: string;
  readonly op: string;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly failed: boolean;
}

/** How one generation was emptied, as its Migration says. */
export interface DrainFigures {
  readonly generation: string;
  readonly moved: number;
  /** Until its last pod had left. */
  readonly makespanSeconds: number;
  /** T*: no drainer that keeps the budgets is faster. */
  readonly lowerBoundSeconds: number;
  /** The budget, or the platform's part, that T* comes from. */
  readonly bindingTerm: string;
}

/** A passage of the engine's own words, quoted in the report. */
export interface Passage {
  readonly title: string;
  readonly lines: readonly string[];
}

/** One part of the story, watched by an auditor of its own. Times are ms since 1970. */
export interface ActFacts {
  readonly title: string;
  /** True where each `up` of it ended without an error. */
  readonly finished: boolean;
  readonly startedAt: number;
  readonly endedAt: number;
  /** Time in which an `up` was running. */
  readonly tookMs: number;
  readonly spans: readonly ResourceSpan[];
  readonly drains: readonly DrainFigures[];
  readonly audit: readonly AuditLine[];
  readonly summary: AuditSummary;
  /** More nodes than these must never be there at once. */
  readonly mostNodes?: number;
  /** Its config accepts that workloads are away: what fell below a floor is told, and not held against it. */
  readonly acceptsOutage?: true;
}

/** All that a report is made of: the same facts always give the same page. */
export interface ReportFacts {
  readonly title: string;
  readonly cluster: string;
  /** What of all that is seen is not the real thing. */
  readonly standsIn: string;
  /** Exact versions of the control plane: what the API answered before and after. */
  readonly from: string;
  readonly to: string;
  /** True where every act was played to its end. */
  readonly finished: boolean;
  readonly acts: readonly ActFacts[];
  readonly passages: readonly Passage[];
}

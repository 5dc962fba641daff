/**
 * What the auditor writes: one JSON object a line, each with `at` in milliseconds since 1970, the last one the summary.
 * Readers need nothing else of the auditor, so this file is its whole public surface.
 */

/** Why a pod left, read off its DisruptionTarget condition; "deleted" is a plain delete, "unready" a fall without one. */
export type Cause =
  | "evicted"
  | "preempted"
  | "taintManager"
  | "lostWithNode"
  | "kubelet"
  | "deleted"
  | "unready"
  | "relabelled";

export interface Fall {
  readonly pod: string;
  readonly cause: Cause;
  readonly at: number;
}

/** One episode below a floor: it opens when a pod leaves too many, and closes when the floor is met again. */
export interface Violation {
  readonly subject: string;
  readonly at: number;
  readonly until?: number;
  readonly floor: number;
  readonly lowest: number;
  readonly falls: readonly Fall[];
}

/** A workload's slot that was moved more than once: `pods` is the chain, oldest first. */
export interface DoubleMove {
  readonly workload: string;
  readonly at: number;
  readonly pods: readonly string[];
  readonly causes: readonly Cause[];
}

export interface FailedRequest {
  readonly at: number;
  readonly request: string;
  readonly error: string;
  readonly status?: number;
  readonly tookMs: number;
}

/** An eviction that should not have been: its node was not being left, or a DaemonSet owns the pod. */
export interface WrongEviction {
  readonly at: number;
  readonly pod: string;
  readonly node: string;
  readonly why: "nodeNotLeaving" | "daemon";
}

/** A node that was deleted while pods that something has to move were still on it. */
export interface NodeLoss {
  readonly at: number;
  readonly node: string;
  readonly pods: readonly string[];
}

/**
 * `late`: the watch broke and went on where it was, nothing lost. `blind`: that history was gone and the list was read
 * anew; `vanished` counts what was gone by then, of which nobody can say why.
 */
export interface Gap {
  readonly kind: "late" | "blind";
  readonly resource: string;
  readonly at: number;
  readonly tookMs: number;
  readonly vanished: number;
}

/** One budget over the audit. `kind` says where the floor comes from. */
export interface SubjectSummary {
  readonly subject: string;
  readonly title: string;
  readonly kind: "budget" | "synthetic";
  readonly workloads: readonly string[];
  /** Ready pods, and the floor they had to hold, at the tightest moment seen since the floor was first met. */
  readonly lowestReady: number;
  readonly floor: number;
  /** False where the floor was not met at any moment: then nothing is proven about it. */
  readonly wasMet: boolean;
  readonly evicted: number;
}

export interface RequestSummary {
  readonly sent: number;
  readonly failed: number;
  readonly skipped: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly slowestMs: number;
}

export interface AuditSummary {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly clean: boolean;
  readonly violations: readonly Violation[];
  readonly doubleMoves: readonly DoubleMove[];
  readonly failedRequests: readonly FailedRequest[];
  readonly wrongEvictions: readonly WrongEviction[];
  readonly nodeLosses: readonly NodeLoss[];
  readonly gaps: readonly Gap[];
  readonly subjects: readonly SubjectSummary[];
  readonly moved: number;
  readonly requests: RequestSummary;
  /** Longest time the auditor itself did not run: above a second its clock and its probes are in doubt. */
  readonly stalledMs: number;
  readonly cannotSee: readonly string[];
}

export type AuditLine =
  | { readonly kind: "start"; readonly at: number; readonly pid: number; readonly server: string }
  | { readonly kind: "synced"; readonly at: number; readonly pods: number; readonly nodes: number }
  | CountLine
  | PodLine
  | NodeLine
  | { readonly kind: "version"; readonly at: number; readonly version: string }
  | { readonly kind: "gap"; readonly at: number; readonly gap: Gap }
  | {
      readonly kind: "violation";
      readonly at: number;
      readonly state: "opened" | "closed";
      readonly violation: Violation;
    }
  | { readonly kind: "doubleMove"; readonly at: number; readonly doubleMove: DoubleMove }
  | { readonly kind: "wrongEviction"; readonly at: number; readonly wrongEviction: WrongEviction }
  | { readonly kind: "nodeLoss"; readonly at: number; readonly nodeLoss: NodeLoss }
  | { readonly kind: "failedRequest"; readonly at: number; readonly failedRequest: FailedRequest }
  | { readonly kind: "summary"; readonly at: number; readonly summary: AuditSummary };

export interface CountLine {
  readonly kind: "count";
  readonly at: number;
  readonly subject: string;
  readonly ready: number;
  readonly floor: number;
}

export interface PodLine {
  readonly kind: "pod";
  readonly at: number;
  readonly change: "created" | "bound" | "ready" | "unready" | "leaving" | "gone";
  readonly pod: string;
  readonly workload: string;
  readonly node?: string;
  readonly cause?: Cause;
}

export interface NodeLine {
  readonly kind: "node";
  readonly at: number;
  readonly change: "joined" | "changed" | "gone";
  readonly node: string;
  readonly kubelet: string;
  readonly generation?: string;
  readonly leaving: boolean;
  readonly ready: boolean;
}

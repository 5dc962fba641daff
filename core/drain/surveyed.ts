import type { AttachmentFact, BudgetFact, NodeFact, PodFact } from "./facts";
import { type Groups, versioned, type VersionedMap } from "./versioned";

/** What a pod belongs to, as its owner would name it. */
export interface Workload {
  /** `namespace/Kind/name` */
  readonly key: string;
  readonly kind: string;
  /** Absent when the owner's wishes cannot be read. */
  readonly desired?: number;
}

export interface WorkloadCount {
  readonly workload: Workload;
  /** All pods of it, those included that count for nothing. */
  readonly pods: number;
  /** Pods that exist and are not going. */
  readonly live: number;
  /** Of these: Ready, and nothing of ours is under way against them. */
  readonly available: number;
  /** Of the live ones that are not Ready: created since the fence, so most likely replacements. */
  readonly starting: number;
}

/** What limits how many pods may be down: a PDB, or the engine's own rule for a workload without one. */
export type Budget =
  | { readonly kind: "pdb"; readonly key: string; readonly name: string; readonly fact: BudgetFact }
  | {
      readonly kind: "own";
      readonly key: string;
      readonly name: string;
      readonly count: WorkloadCount;
      readonly desired: number;
    };

/** The pods that wait for one budget, in no order. */
export interface Lane {
  readonly budget: Budget;
  readonly slots: number;
  /** How many may be down at once when all is well. */
  readonly limit: number;
  readonly queue: readonly PodFact[];
  /** Of the queue: pods that may be tried now. */
  readonly ready: readonly PodFact[];
  /** Evictions on their way. */
  readonly inFlight: number;
  /** How many more may be sent now that the server has to count. */
  readonly room: number;
  /** Milliseconds this lane still needs if every slot is used the moment it is free. */
  readonly chainMs: number;
}

export interface BlockedPod {
  readonly pod: PodFact;
  readonly code: string;
  readonly message: string;
}

/** A pod that is never evicted, and whose end the run waits for. */
export interface AwaitedPod extends BlockedPod {
  readonly until?: number;
}

/**
 * What follows for a pod on blue. `due`: when time alone may change it. `arrived`: its workload, when it came to blue
 * after the start.
 */
export type Place = {
  readonly node: string;
  readonly pod: PodFact;
  readonly due?: number;
  readonly arrived?: string;
} & (
  | { readonly kind: "ignored" }
  | { readonly kind: "going" }
  | { readonly kind: "awaited"; readonly awaited: AwaitedPod }
  | { readonly kind: "blocked"; readonly blocked: BlockedPod }
  | { readonly kind: "lane"; readonly lane: string }
);

/** What a pod counts for in its workload. */
export interface Tallied {
  readonly key: string;
  readonly as: "absent" | "live" | "available" | "starting";
}

/** Which parts were looked at anew since the survey before: whoever remembers has to look at these only. */
export interface News {
  readonly pods: ReadonlySet<string>;
  readonly workloads: ReadonlySet<string>;
  readonly lanes: ReadonlySet<string>;
  readonly nodes: ReadonlySet<string>;
}

/** Everything the decisions need. Derived from the state alone; kept only so that the next one costs less. */
export interface Survey {
  /** Nodes to be emptied, by name. */
  readonly blue: VersionedMap<string, NodeFact>;
  /** Selected nodes that others may fill, by name. */
  readonly open: VersionedMap<string, NodeFact>;
  /** By the budget's key; none without a queue. */
  readonly lanes: VersionedMap<string, Lane>;
  readonly blocked: VersionedMap<string, BlockedPod>;
  readonly awaited: VersionedMap<string, AwaitedPod>;
  /** Pods on blue that are on their way out. */
  readonly going: VersionedMap<string, PodFact>;
  /** Volumes that hang on a blue node and belong to no pod that stays there, by node. */
  readonly attached: VersionedMap<string, readonly AttachmentFact[]>;
  /** Drainable or blocked pods by node; nodes without any are absent. */
  readonly load: VersionedMap<string, number>;
  readonly counts: VersionedMap<string, WorkloadCount>;
  /** Pods in all queues together. */
  readonly queued: number;
  /** Pods in queues or going, by tier. */
  readonly tiers: VersionedMap<number, number>;
  /** Evictions sent and not answered. */
  readonly posted: VersionedMap<string, true>;
  readonly places: VersionedMap<string, Place>;
  readonly tallied: VersionedMap<string, Tallied>;
  readonly members: Groups;
  /** Pods that came to blue since the start, by workload. */
  readonly arrivals: Groups;
  readonly podDue: VersionedMap<string, number>;
  readonly laneDue: VersionedMap<string, number>;
  readonly news: News;
}

const NO_NEWS: News = { pods: new Set(), workloads: new Set(), lanes: new Set(), nodes: new Set() };

export const emptySurvey = (): Survey => ({
  blue: versioned(),
  open: versioned(),
  lanes: versioned(),
  blocked: versioned(),
  awaited: versioned(),
  going: versioned(),
  attached: versioned(),
  load: versioned(),
  counts: versioned(),
  queued: 0,
  tiers: versioned(),
  posted: versioned(),
  places: versioned(),
  tallied: versioned(),
  members: versioned(),
  arrivals: versioned(),
  podDue: versioned(),
  laneDue: versioned(),
  news: NO_NEWS,
});

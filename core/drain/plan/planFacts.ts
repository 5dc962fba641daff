import type { BudgetFact, NodeFact, PodFact, WorkloadFact } from "../facts";
import type { PlatformRates } from "../lowerBound";
import type { Amounts, PlacedPod } from "../placement";
import type { NodeSelector } from "../scope";
import type { DrainRules } from "../state";

/** A pod with what decides where it can go, and how long it takes. Times are milliseconds since the epoch. */
export interface PlanPod extends PodFact {
  readonly placed: PlacedPod;
  readonly readySince?: number;
  readonly readinessGates: readonly string[];
  /** How long its longest preStop hook sleeps, in seconds. */
  readonly preStopSeconds: number;
  readonly priority: number;
  /** The scheduler may remove pods of lower priority for it. */
  readonly preempts: boolean;
}

export interface PlanNode extends NodeFact {
  readonly allocatable: Amounts;
  /** From its creation until it was Ready; absent = not known. */
  readonly provisionMs?: number;
}

export interface ServiceFact {
  readonly namespace: string;
  readonly name: string;
  readonly type: string;
  readonly selector: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Everything a plan is made of, read once. */
export interface PlanFacts {
  readonly now: number;
  readonly nodes: readonly PlanNode[];
  readonly pods: readonly PlanPod[];
  readonly budgets: readonly BudgetFact[];
  readonly workloads: readonly WorkloadFact[];
  readonly services: readonly ServiceFact[];
  /** Uids of the DaemonSets that exist; absent = not known. */
  readonly daemonSets?: ReadonlySet<string>;
  /** Claims (`namespace/name`) whose volume lies on one node. */
  readonly localClaims: ReadonlySet<string>;
  /** Claims whose volume only one node can hold at a time. */
  readonly exclusiveClaims: ReadonlySet<string>;
  /** What could not be read, in words. */
  readonly unread?: readonly string[];
  /** What the platform can bear; absent = no limit known. */
  readonly rates?: Omit<PlatformRates, "overheadMs">;
}

/** What is to be drained, where to, and by which rules. */
export interface PlanRequest {
  readonly nodes: NodeSelector;
  /** Share of the nodes to empty, 0 to 100. */
  readonly percent: number;
  /** The run keeps the nodes cordoned. */
  readonly cordon: boolean;
  readonly rules: DrainRules;
  /** Nodes that are meant to take the pods; absent = all that can. */
  readonly to?: NodeSelector;
}

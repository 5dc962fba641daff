import type { Attempt, BudgetMemory } from "./attempts";
import type { Guard } from "./guards";
import type { Ailment } from "./guards/ailment";
import type { Gate, SentryRules } from "./guards/gate";
import type { LabelSelector } from "./labels";
import type { LadderWord } from "./ladder/ladderWord";
import type { LadderRules } from "./ladder/rules";
import type { DrainOutcome } from "./report";
import type { NodeSelector } from "./scope";
import type { Survey } from "./surveyed";
import { versioned, type VersionedMap } from "./versioned";
import { emptyWorld, type World } from "./world";

/** What one run is asked to do. Plain data; durations in milliseconds. */
export interface DrainSpec {
  readonly nodes: NodeSelector;
  /** Share of the selected nodes to empty, 0 to 100. */
  readonly percent: number;
  /** Whether blue nodes must be cordoned as well as tainted; one that someone uncordons is cordoned again. */
  readonly cordon: boolean;
  /** Longest time without any progress before what is left counts as blocked. */
  readonly timeoutMs: number;
  /** Longest time of the whole run. */
  readonly deadlineMs: number;
  /** How long a budget must stand still before it is called blocked. */
  readonly blockedAfterMs: number;
  /** How long a node without drainable pods must have been cordoned, or else empty, before it counts as empty. */
  readonly quietMs: number;
  /** How long a volume may hang on a node without pods before the node counts as blocked; default 6 minutes. */
  readonly detachMs?: number;
  /** How long pods that are never evicted are waited for before they count as blocked; default: as long as the run. */
  readonly awaitMs?: number;
  /** Conditions in the cluster that the engine itself watches; absent = none. */
  readonly sentries?: SentryRules;
  /** How long an ending run waits for pods that are already terminating. */
  readonly lingerMs: number;
  readonly rules: DrainRules;
  /** Some load balancer sends to every node: one that is empty has to leave it. */
  readonly balancers?: boolean;
  /** What may be done for workloads that cannot be evicted; absent = nothing, whatever they are annotated with. */
  readonly ladder?: LadderRules;
  readonly concurrency: { readonly start: number; readonly ceiling: number };
}

/** kubectl's names where the meaning is kubectl's. */
export interface DrainRules {
  /** Evict pods that no controller will create again. */
  readonly force: boolean;
  /** Evict pods whose local data dies with them. */
  readonly deleteEmptyDirData: boolean;
  /** Only pods that match are seen at all; absent = all. */
  readonly podSelector?: LabelSelector;
  /** Seconds each evicted pod gets to end, at least 1; absent = its own. */
  readonly gracePeriodSeconds?: number;
  /** A pod whose deletionTimestamp is older than this is not waited for; absent = every pod is. */
  readonly skipWaitForDeleteTimeoutSeconds?: number;
  /** False: pods of DaemonSets block, as kubectl has it; absent = they stay and do not count. */
  readonly ignoreDaemonSets?: boolean;
  /** Codes of verdicts to pass over; what nobody can change (static pods, finished ones) stays. */
  readonly disregard?: readonly string[];
  /** Claims (`namespace/name`) with data on their node that may be lost. */
  readonly abandon?: readonly string[];
  /** How long a load balancer may go on sending to a node that leaves it, in seconds; default 0. */
  readonly deregistrationSeconds?: number;
  /** Delete the objects of emptied nodes that keep pods Pending by their topology spread: these nodes are given up. */
  readonly deleteEmptyNodes?: boolean;
}

export interface Pressure {
  readonly limit: number;
  /** Clean answers since the limit last moved. */
  readonly clean: number;
  readonly holdUntil: number;
  readonly slowedAt: number;
  /** Answers in a row that told of pressure. */
  readonly strained: number;
}

export interface Ending {
  readonly kind: "paused" | "stopped" | "rollback" | "lostLease";
  readonly reason: string;
  readonly since: number;
}

/** A moved workload that has not got back what it had. */
export interface Unsettled {
  readonly key: string;
  readonly available: number;
  readonly target: number;
}

export interface Settlement {
  readonly unsettled: VersionedMap<string, Unsettled>;
  /** Pods that the unsettled ones still lack, and pods that all moved workloads must have. */
  readonly owed: number;
  readonly wanted: number;
}

type Seen = Pick<DrainState, "spec" | "world" | "attempts" | "budgets" | "peaks" | "returns" | "now"> & {
  readonly chosen: DrainState["chosen"];
};

export interface Looked {
  readonly survey: Survey;
  readonly seen: Seen;
  /** When everything was last looked at from scratch. */
  readonly afreshAt: number;
}

/** What the sentries remember. */
export interface Watch {
  readonly told: readonly Guard[];
  readonly gates: Readonly<Record<string, Gate>>;
  /** Pods made since the start that are not well, by uid. */
  readonly ailing: VersionedMap<string, Ailment>;
  /** Pods made since the start that were Ready once, by uid. */
  readonly wasReady: VersionedMap<string, true>;
  /** Nodes that were Ready once, and since when they are no more. */
  readonly readyNodes: VersionedMap<string, true>;
  readonly unreadySince: VersionedMap<string, number>;
  /** When a pod was last seen to make room for another. */
  readonly preemptedAt: number;
}

export interface DrainState {
  readonly spec: DrainSpec;
  readonly startedAt: number;
  /** When the fence of this migration was first recorded; earlier than `startedAt` when a former run began it. */
  readonly since: number;
  readonly now: number;
  readonly world: World;
  readonly synced: boolean;
  /** What others told, and what the engine's own sentries see. */
  readonly guards: readonly Guard[];
  readonly watch: Watch;
  readonly chosen?: ReadonlySet<string>;
  readonly attempts: VersionedMap<string, Attempt>;
  readonly budgets: VersionedMap<string, BudgetMemory>;
  readonly moved: number;
  /** Of these, by the node they left. */
  readonly movedFrom: VersionedMap<string, number>;
  /** Pods that must be available in each moved workload before the run is done. */
  readonly targets: VersionedMap<string, number>;
  /** How many pods of a workload may be down at once because of us. */
  readonly allowances: VersionedMap<string, number>;
  /** Most pods seen of a workload whose wishes cannot be read. */
  readonly peaks: VersionedMap<string, number>;
  /** How many pods of a workload came to blue after the fence and were moved. */
  readonly returns: VersionedMap<string, number>;
  readonly emptySince: VersionedMap<string, number>;
  /** Since when each node is known to be cordoned: from then on no scheduler places a pod there. */
  readonly cordonedSince: VersionedMap<string, number>;
  /** Pods that may not be moved: since when, for the present reason. */
  readonly blockedSince: VersionedMap<string, { readonly code: string; readonly since: number }>;
  /** When each node was last asked to be fenced. */
  readonly fencedAt: VersionedMap<string, number>;
  /** When something was last asked for an emptied node. */
  readonly askedAt: VersionedMap<string, number>;
  /** Nodes whose objects we had deleted. */
  readonly released: VersionedMap<string, true>;
  readonly pressure: Pressure;
  readonly progressAt: number;
  readonly settlement: Settlement;
  /** The last look, and what it was a look at. */
  readonly looked?: Looked;
  /** What the ladder has given up; absent = nothing yet. */
  readonly ladder?: LadderWord;
  readonly ending?: Ending;
  readonly outcome?: DrainOutcome;
}

/** What a run knows before it has looked. */
export interface Beginning {
  readonly since?: number;
  readonly cordonedSince?: ReadonlyMap<string, number>;
}

const startWatch = (): Watch => ({
  told: [],
  gates: {},
  ailing: versioned(),
  wasReady: versioned(),
  readyNodes: versioned(),
  unreadySince: versioned(),
  preemptedAt: 0,
});

export const createState = (
  spec: DrainSpec,
  now: number,
  { since = now, cordonedSince = new Map() }: Beginning = {},
): DrainState => ({
  spec,
  startedAt: now,
  since,
  now,
  world: emptyWorld(),
  synced: false,
  guards: [],
  watch: startWatch(),
  attempts: versioned(),
  budgets: versioned(),
  moved: 0,
  movedFrom: versioned(),
  targets: versioned(),
  allowances: versioned(),
  peaks: versioned(),
  returns: versioned(),
  emptySince: versioned(),
  cordonedSince: versioned(cordonedSince),
  blockedSince: versioned(),
  fencedAt: versioned(),
  askedAt: versioned(),
  released: versioned(),
  pressure: { limit: spec.concurrency.start, clean: 0, holdUntil: 0, slowedAt: 0, strained: 0 },
  progressAt: now,
  settlement: { unsettled: versioned(), owed: 0, wanted: 0 },
});

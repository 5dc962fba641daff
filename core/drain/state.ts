import type { Guard } from "./guards";
import type { DrainOutcome } from "./report";
import type { NodeSelector } from "./scope";
import type { Standstill } from "./standstillCode";
import { EMPTY_WORLD, type World } from "./world";

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
  /** How long an ending run waits for pods that are already terminating. */
  readonly lingerMs: number;
  readonly rules: DrainRules;
  readonly concurrency: { readonly start: number; readonly ceiling: number };
}

/** kubectl's names where the meaning is kubectl's. */
export interface DrainRules {
  /** Evict pods that no controller will create again. */
  readonly force: boolean;
  /** Evict pods whose local data dies with them. */
  readonly deleteEmptyDirData: boolean;
}

/** What was tried with one pod. Absent = nothing yet. */
export type Attempt =
  | { readonly phase: "posted"; readonly at: number; readonly budget: string; readonly tries: number }
  | { readonly phase: "accepted"; readonly at: number; readonly budget: string }
  | {
      readonly phase: "later";
      readonly until: number;
      readonly budget: string;
      readonly tries: number;
      readonly reason: string;
      /** The call may have succeeded although no answer said so: the pod counts as going. */
      readonly uncertain: boolean;
    }
  /** The server said no for a reason that waiting alone does not heal. Tried again after `until`. */
  | {
      readonly phase: "refused";
      readonly until: number;
      readonly budget: string;
      readonly code: string;
      readonly message: string;
    };

/** A budget's queue without a slot: since when, and since when for this reason. */
export interface Waiting {
  readonly since: number;
  readonly code: Standstill;
  readonly codeSince: number;
}

/** An eviction on its way. */
export interface InFlight {
  readonly uid: string;
  readonly pod: string;
  /** The budget's, when the call was sent; empty for a budget of our own. */
  readonly resourceVersion: string;
  readonly limit: number;
}

export interface BudgetMemory {
  readonly inFlight?: InFlight;
  /** Evictions sent and not refused that the budget's status does not show yet. */
  readonly unseen: readonly { readonly pod: string; readonly at: number }[];
  /** The server refused at this resourceVersion: no attempt before the next one, or before `until` as a safety net. */
  readonly parked?: { readonly resourceVersion: string; readonly until: number };
  /** Times of the last accepted evictions, as many as may be down at once. */
  readonly accepted: readonly number[];
  /** Moving average of the time one slot is taken. */
  readonly cycleMs?: number;
  readonly waiting?: Waiting;
}

export interface Pressure {
  readonly limit: number;
  readonly clean: number;
  readonly holdUntil: number;
}

export interface Ending {
  readonly kind: "paused" | "stopped" | "lostLease";
  readonly reason: string;
  readonly since: number;
}

export interface DrainState {
  readonly spec: DrainSpec;
  readonly startedAt: number;
  /** When the fence of this migration was first recorded; earlier than `startedAt` when a former run began it. */
  readonly since: number;
  readonly now: number;
  readonly world: World;
  readonly synced: boolean;
  readonly guards: readonly Guard[];
  readonly chosen?: ReadonlySet<string>;
  readonly attempts: ReadonlyMap<string, Attempt>;
  readonly budgets: ReadonlyMap<string, BudgetMemory>;
  readonly moved: number;
  /** Pods that must be available in each moved workload before the run is done. */
  readonly targets: ReadonlyMap<string, number>;
  /** Most pods seen of a workload whose wishes cannot be read. */
  readonly peaks: ReadonlyMap<string, number>;
  /** How many pods of a workload came to blue after the fence and were moved. */
  readonly returns: ReadonlyMap<string, number>;
  readonly emptySince: ReadonlyMap<string, number>;
  /** Since when each node is known to be cordoned: from then on no scheduler places a pod there. */
  readonly cordonedSince: ReadonlyMap<string, number>;
  /** Pods that may not be moved: since when, for the present reason. */
  readonly blockedSince: ReadonlyMap<string, { readonly code: string; readonly since: number }>;
  /** When each node was last asked to be fenced. */
  readonly fencedAt: ReadonlyMap<string, number>;
  readonly pressure: Pressure;
  readonly progressAt: number;
  /** Pods of moved workloads that are available, none counted beyond its target. */
  readonly settled: number;
  readonly ending?: Ending;
  readonly outcome?: DrainOutcome;
}

/** What a run knows before it has looked. */
export interface Beginning {
  readonly since?: number;
  readonly cordonedSince?: ReadonlyMap<string, number>;
}

export const createState = (
  spec: DrainSpec,
  now: number,
  { since = now, cordonedSince = new Map() }: Beginning = {},
): DrainState => ({
  spec,
  startedAt: now,
  since,
  now,
  world: EMPTY_WORLD,
  synced: false,
  guards: [],
  attempts: new Map(),
  budgets: new Map(),
  moved: 0,
  targets: new Map(),
  peaks: new Map(),
  returns: new Map(),
  emptySince: new Map(),
  cordonedSince,
  blockedSince: new Map(),
  fencedAt: new Map(),
  pressure: { limit: spec.concurrency.start, clean: 0, holdUntil: 0 },
  progressAt: now,
  settled: 0,
});

export const NO_MEMORY: BudgetMemory = { unseen: [], accepted: [] };

export const withEntry = <K, V>(map: ReadonlyMap<K, V>, key: K, value: V): ReadonlyMap<K, V> =>
  new Map(map).set(key, value);

export const withoutEntry = <K, V>(map: ReadonlyMap<K, V>, key: K): ReadonlyMap<K, V> => {
  if (!map.has(key)) return map;
  const copy = new Map(map);
  copy.delete(key);
  return copy;
};

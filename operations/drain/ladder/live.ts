import type { WorkloadFact } from "../../../core/drain/facts";
import type { ForceRules, Rung } from "../../../core/drain/ladder/rules";
import type { Target } from "../../../core/drain/ladder/target";
import type { DrainState } from "../../../core/drain/state";
import type { Survey } from "../../../core/drain/surveyed";
import { isKubeError, type KubeClient } from "../../../kube";
import type { Chronicle } from "./chronicle";
import type { Owed } from "./owed";
import type { HolderRef } from "./revert";
import type { SurgeRooms } from "./surgeRooms";

export interface LadderRequest {
  /** Names the records that this run writes. */
  readonly run: string;
  /** A proof says that all of blue fits elsewhere at the same time; default: each surge is proven by itself. */
  readonly roomProven?: boolean;
}

/** What a running ladder remembers of one workload. */
export interface WorkloadMemory {
  /** When it was first looked at. */
  readonly since: number;
  lastAt?: number;
  readonly spent: Set<Rung>;
  /** Calls in a row that failed. */
  failures: number;
  target?: { readonly at: number; readonly value: Target };
}

/** A ladder at work. */
export interface LiveLadder {
  readonly kube: KubeClient;
  readonly now: () => number;
  readonly mayAct: () => boolean;
  readonly request: LadderRequest;
  readonly chronicle: Chronicle;
  readonly read: (workload: WorkloadFact) => Promise<Target | undefined>;
  readonly rooms: SurgeRooms;
  readonly memories: Map<string, WorkloadMemory>;
  /** Surges that are up, and where they are written, by the workload's key. */
  readonly surges: Map<string, HolderRef>;
  readonly owed: Owed;
  /** Rollouts that the ladder has begun, by the workload's key, and how long their end is waited for at most. */
  readonly restarts: Map<string, number>;
  /** Workloads that a surge-first has begun with. */
  readonly firsts: Set<string>;
  /** Last force by budget; null = none on record. */
  readonly forced: Map<string, number | null>;
  released: ReadonlySet<string>;
}

/** One look at the cluster that the ladder may act on. */
export interface Round {
  readonly state: DrainState;
  readonly survey: Survey;
  readonly force: ForceRules;
}

export const memoryOf = (live: LiveLadder, key: string): WorkloadMemory => {
  const known = live.memories.get(key);
  if (known !== undefined) return known;
  const fresh: WorkloadMemory = { since: live.now(), spent: new Set(), failures: 0 };
  live.memories.set(key, fresh);
  return fresh;
};

export const release = (live: LiveLadder, key: string): void => {
  live.released = new Set([...live.released, key]);
};

/** A workload about which so many calls failed in a row is left to the engine. */
const MOST_FAILURES = 5;

/** Why a failed attempt is given up; undefined after a race or a hiccup: it is made again. */
export const judgeFailure = (memory: WorkloadMemory, error: unknown): string | undefined => {
  if (isKubeError(error, "conflict")) return undefined;
  memory.failures += 1;
  const lasting = isKubeError(error, "forbidden", "invalid") || memory.failures >= MOST_FAILURES;
  return lasting ? `given up: ${error instanceof Error ? error.message : String(error)}` : undefined;
};

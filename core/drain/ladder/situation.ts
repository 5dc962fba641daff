import type { Permission } from "./permission";
import type { RefusalCode } from "./refusalCode";
import type { ForceRules, Rung } from "./rules";
import type { Stuck } from "./stuck";
import type { SurgeRecord } from "./surgeRecord";
import type { SurgeRoom } from "./surgeRoom";
import type { Holder, Target } from "./target";

/** What was tried for one workload in this run. */
export interface ClimbMemory {
  /** The last change made for it. */
  readonly lastAt?: number;
  /** Rungs that did not help. */
  readonly spent: ReadonlySet<Rung>;
}

/** Everything one decision about one workload needs. */
export interface Situation {
  readonly stuck: Stuck;
  /** Absent when what owns the pods is none of the kinds that can be changed. */
  readonly target?: Target;
  readonly permission: Permission;
  readonly force: ForceRules;
  readonly memory: ClimbMemory;
  /** When a pod of this budget was last forced, by any run. */
  readonly lastForced?: number;
  /** How many more pods of it there can be now; absent = as many as are asked for. */
  readonly room?: SurgeRoom;
  readonly run: string;
  readonly now: number;
}

export interface PodRef {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
}

export type ClimbAction =
  | { readonly kind: "surge"; readonly holder: Holder; readonly record: SurgeRecord }
  /** The surge did not help: the number goes back, or the record goes where it is not ours any more. */
  | { readonly kind: "revert"; readonly holder: Holder }
  /** `more`: how many pods above its number its rollout makes at once. */
  | { readonly kind: "restart"; readonly target: Target; readonly more: number }
  | { readonly kind: "deleteUnhealthy"; readonly pods: readonly PodRef[] }
  | {
      readonly kind: "force";
      readonly pod: PodRef;
      readonly budget: string;
      readonly graceSeconds: number;
      readonly everySeconds: number;
    };

/** What one rung says. `why` is a clause that follows the workload's name. */
export type RungVerdict =
  | { readonly kind: "act"; readonly action: ClimbAction; readonly why: string }
  | { readonly kind: "wait"; readonly code: string; readonly why: string; readonly until?: number }
  | { readonly kind: "skip"; readonly code: RefusalCode; readonly why: string };

export const skip = (code: RefusalCode, why: string): RungVerdict => ({ kind: "skip", code, why });

/** Least time between two changes of one workload. */
export const COOLDOWN_MS = 60_000;

/** How long a rung may take to show that it helps. */
export const PATIENCE_MS = 600_000;

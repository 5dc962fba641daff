import type { Answer } from "./answers";
import type { Change } from "./facts";
import type { Guard } from "./guards";
import type { LadderWord } from "./ladder/ladderWord";
import type { DrainOutcome } from "./report";

/** What the world tells the engine. Every event carries the time at which it is looked at. */
export type DrainEvent =
  | { readonly kind: "observed"; readonly now: number; readonly changes: readonly Change[] }
  /** Every watch has delivered its first complete list. Nothing is decided before. */
  | { readonly kind: "synced"; readonly now: number }
  | { readonly kind: "answered"; readonly now: number; readonly uid: string; readonly answer: Answer }
  | { readonly kind: "guards"; readonly now: number; readonly guards: readonly Guard[] }
  | { readonly kind: "ladder"; readonly now: number; readonly word: LadderWord }
  | { readonly kind: "cancelled"; readonly now: number; readonly reason: string }
  | { readonly kind: "tick"; readonly now: number };

/** What the engine asks for. Each `evict` is answered by exactly one `answered`. */
export type DrainAction =
  | EvictAction
  | { readonly kind: "fence"; readonly node: string }
  /** Take the node out of external load balancers. */
  | { readonly kind: "leaveBalancers"; readonly node: string }
  /** Delete the Node object, if it is still this one. */
  | { readonly kind: "deleteNode"; readonly node: string; readonly uid: string }
  | { readonly kind: "wake"; readonly at: number }
  | { readonly kind: "finish"; readonly outcome: DrainOutcome };

export interface EvictAction {
  readonly kind: "evict";
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly node: string;
  readonly budget: string;
  /** The workload that is down while this pod moves: it has one pod, and no budget says that it may not be so. */
  readonly takesDown?: string;
  /** It takes no slot because it is not Ready, and no server keeps count: it must not change until it goes. */
  readonly asUnready?: true;
}

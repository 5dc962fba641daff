import type { FailedCall } from "../../../../core/drain/answers";
import type { EvictAction } from "../../../../core/drain/events";
import type { DrainOutcome } from "../../../../core/drain/report";
import type { EvictionReply } from "../server/eviction";
import type { FactOf, Server, Written } from "../server/objects";
import type { WatchedKind } from "../story";

/** A call that was really sent. */
export interface Post {
  readonly action: EvictAction;
  readonly life: number;
  readonly at: number;
  /** Per kind, the last entry of history that the engine knew. */
  readonly knew: Readonly<Record<WatchedKind, number>>;
}

/** What an observer may look at: the truth, and what has been told to the engine. Nothing of what the engine thinks. */
export interface Stage {
  readonly server: Server;
  readonly outstanding: ReadonlyMap<string, Post>;
  known<K extends WatchedKind>(kind: K): readonly FactOf[K][];
  /** Why no eviction may be sent now. */
  closed(): string | undefined;
  /** True while a process runs that has heard a full list of everything. */
  awake(): boolean;
}

/** An independent watcher of a run. Each method hears of one kind of happening. */
export interface Observer {
  written?(written: Written): void;
  posted?(post: Post): void;
  /** The server has acted on a call; the caller may never hear of it. */
  committed?(post: Post, reply: EvictionReply): void;
  answered?(post: Post, failure: FailedCall | undefined): void;
  /** The engine has looked at all it was told. */
  looked?(): void;
  born?(): void;
  ended?(outcome: DrainOutcome | undefined): void;
}

export type Violate = (invariant: string, text: string) => void;

export type MakeObserver = (stage: Stage, violate: Violate) => Observer;

export const isMovable = (pod: FactOf["pod"]): boolean =>
  !pod.mirror && pod.owner?.kind !== "DaemonSet" && pod.phase !== "Succeeded" && pod.phase !== "Failed";

export const isOnBlue = (pod: FactOf["pod"]): boolean => pod.node?.startsWith("blue") === true;

/**
 * Puts the words of several watches into one order. Each watch is in order by itself, but nothing orders one against
 * another except the resourceVersion, which one etcd gives to all. So words wait a moment before they are judged.
 */
import type { Seen } from "./world";

export interface Merge {
  push(seen: Seen): void;
  /** @returns what may be judged now, oldest first: everything older than the wait while every watch is connected. */
  release(now: number, connected: boolean): readonly Seen[];
  drain(): readonly Seen[];
}

export interface MergeWaits {
  /** How long a word waits for an older one from another watch, in ms. */
  readonly settleMs: number;
  /** How long words wait for a watch that is away, in ms, before they are judged without it. */
  readonly awayMs: number;
}

const byVersion = (left: Seen, right: Seen): number =>
  Number(left.raw.metadata.resourceVersion) - Number(right.raw.metadata.resourceVersion);

export const createMerge = ({ settleMs, awayMs }: MergeWaits): Merge => {
  let waiting: Seen[] = [];
  const take = (wanted: (seen: Seen) => boolean): readonly Seen[] => {
    const ready = waiting.filter(wanted);
    if (ready.length === 0) return [];
    const newest = Math.max(...ready.map(seen => Number(seen.raw.metadata.resourceVersion)));
    const due = waiting.filter(seen => Number(seen.raw.metadata.resourceVersion) <= newest);
    waiting = waiting.filter(seen => !due.includes(seen));
    return due.sort(byVersion);
  };
  return {
    push: seen => void waiting.push(seen),
    release: (now, connected) => take(seen => now - seen.at >= (connected ? settleMs : awayMs)),
    drain: () => take(() => true),
  };
};

/** One budget's pods, as a chain of slots. Times in milliseconds. */
export interface ChainTerm {
  readonly name: string;
  /** Pods to move. */
  readonly pods: number;
  /** How many may be down at once. */
  readonly limit: number;
  /** Real time from eviction to the pod's end. */
  readonly graceMs: number;
  /** From the successor's creation to Ready: scheduling, images, start. */
  readonly startMs: number;
  /** The successor is made only when the pod is gone: StatefulSets, volumes that attach once. */
  readonly serial: boolean;
  /** Successors that may be made ahead, by surge. */
  readonly surge?: number;
}

/** What the platform can bear, per second; absent = no limit known. */
export interface PlatformRates {
  readonly evictions?: number;
  readonly controllerWrites?: number;
  readonly writesPerPod?: number;
  readonly bindings?: number;
  /** Eviction call, budget controller and watch, per slot. */
  readonly overheadMs?: number;
  /** How often the target has to be filled, and how long its nodes take to come in between. */
  readonly waves?: { readonly count: number; readonly provisionMs: number };
}

export interface LowerBound {
  readonly ms: number;
  /** What binds: a budget's name, or the platform's part. */
  readonly binding: string;
}

/** Time for which one slot is taken. */
export const cycleOf = (term: ChainTerm, overheadMs: number): number =>
  (term.serial ? term.graceMs : 0) + term.startMs + overheadMs;

/** Time until blue is empty of this budget if every slot is used the moment it is free. */
export const chainOf = (term: ChainTerm, overheadMs: number): number => {
  if (term.pods === 0) return 0;
  const surge = term.surge ?? 0;
  const ahead = surge > 0 ? term.startMs : 0;
  const rounds = Math.ceil(term.pods / Math.max(1, term.limit + surge));
  return ahead + (rounds - 1) * cycleOf(term, overheadMs) + term.graceMs;
};

/** Time until its last successor is Ready as well. */
export const settledAfter = (term: ChainTerm, overheadMs: number): number =>
  term.pods === 0 ? 0 : chainOf(term, overheadMs) + Math.max(0, cycleOf(term, overheadMs) - term.graceMs);

const perSecond = (count: number, rate: number | undefined): number =>
  rate === undefined || rate <= 0 ? 0 : (count / rate) * 1000;

/** The part of the platform that has to grow. */
export const WAVES = "waves";

const growthMs = (waves: PlatformRates["waves"]): number =>
  waves === undefined ? 0 : (waves.count - 1) * waves.provisionMs;

/**
 * T*: no drainer that keeps the budgets can empty blue sooner. The largest of the chains and of what the platform's own
 * rates allow. Waiting for the last successors to become Ready is not part of it.
 */
export const lowerBound = (terms: readonly ChainTerm[], rates: PlatformRates = {}): LowerBound => {
  const pods = terms.reduce((sum, term) => sum + term.pods, 0);
  const writes = pods * (rates.writesPerPod ?? 3);
  const bounds: readonly LowerBound[] = [
    ...terms.map(term => ({ binding: term.name, ms: chainOf(term, rates.overheadMs ?? 0) })),
    { binding: "eviction rate", ms: perSecond(pods, rates.evictions) },
    { binding: "controller writes", ms: perSecond(writes, rates.controllerWrites) },
    { binding: "scheduler bindings", ms: perSecond(pods, rates.bindings) },
    { binding: WAVES, ms: growthMs(rates.waves) },
  ];
  return bounds.reduce((longest, bound) => (bound.ms > longest.ms ? bound : longest), {
    ms: 0,
    binding: "nothing to move",
  });
};

import type { DrainState, Settlement, Unsettled } from "./state";
import type { WorkloadCount } from "./surveyed";
import { wishOf } from "./workloads";

type Known = Pick<DrainState, "world" | "targets" | "peaks">;
type Counts = ReadonlyMap<string, WorkloadCount>;

/**
 * A Job makes its next pod when its own back-off is over, up to six minutes after one was evicted, and serves nobody
 * meanwhile: once its pods have left blue there is nothing to wait for.
 */
const owesNothing = (key: string): boolean => key.split("/")[1] === "Job";

/** What a moved workload has not got back; undefined when it owes nothing. One that nobody wants any more owes nothing. */
const unsettledOf = (state: Known, counts: Counts, key: string): Unsettled | undefined => {
  if (owesNothing(key)) return undefined;
  const desired = wishOf(state.world, key) ?? state.peaks.get(key) ?? 0;
  const target = Math.min(state.targets.get(key) ?? 0, desired);
  const available = counts.get(key)?.available ?? 0;
  return available < target ? { key, available, target } : undefined;
};

const lacking = (entry: Unsettled | undefined): number =>
  entry === undefined ? 0 : entry.target - entry.available;

/** Settles the accounts of these workloads anew; `wanted` is what new targets add. */
export const settle = (
  before: Settlement,
  state: Known,
  moved: { readonly counts: Counts; readonly keys: Iterable<string>; readonly wanted: number },
): Settlement => {
  let { unsettled, owed } = before;
  for (const key of moved.keys) {
    const entry = unsettledOf(state, moved.counts, key);
    owed += lacking(entry) - lacking(unsettled.get(key));
    unsettled = entry === undefined ? unsettled.without(key) : unsettled.with(key, entry);
  }
  return { unsettled, owed, wanted: before.wanted + moved.wanted };
};

/** Pods of moved workloads that are available, none counted beyond its target. */
export const settledPods = ({ wanted, owed }: Settlement): number => wanted - owed;

/** Moved workloads that have not got back what they had. */
export const unsettledWorkloads = ({ settlement }: DrainState): readonly Unsettled[] => [
  ...settlement.unsettled.values(),
];

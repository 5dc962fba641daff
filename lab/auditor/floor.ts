/** How many pods must stay ready: computed here from the specs, never read from a status that somebody else computed. */
import type { Workload } from "./objects";

interface BudgetLimits {
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
}

/** A count, or a share of `whole` rounded up: both fields of a PodDisruptionBudget round up. */
export const scaled = (value: number | string, whole: number): number => {
  if (typeof value === "number") return value;
  const percent = /^(\d+)%$/.exec(value)?.[1];
  if (percent === undefined) throw new Error(`neither a count nor a percentage: ${value}`);
  return Math.ceil((Number(percent) * whole) / 100);
};

const wanted = (limits: BudgetLimits, replicas: number): number => {
  if (limits.maxUnavailable !== undefined) return replicas - scaled(limits.maxUnavailable, replicas);
  return limits.minAvailable === undefined ? 0 : scaled(limits.minAvailable, replicas);
};

/** Kept between 0 and the replicas asked for: nobody can break a floor that more pods than exist would have to hold. */
export const budgetFloor = (limits: BudgetLimits, replicas: number): number =>
  Math.min(replicas, Math.max(0, wanted(limits, replicas)));

/** What a careful operator would allow where nobody wrote a budget: a quarter at once, one at a time for a StatefulSet. */
export const syntheticFloor = (kind: Workload["kind"], replicas: number): number => {
  const away = kind === "StatefulSet" ? 1 : Math.max(1, Math.floor(replicas / 4));
  return Math.max(0, replicas - away);
};

/** A cluster to drain, as small plain data, so that a failing case can be read and shrunk. Times in milliseconds. */
export interface Scenario {
  readonly seed: number;
  readonly blue: number;
  readonly green: number;
  readonly workloads: readonly SimulatedWorkload[];
  readonly watchLagMs: number;
  readonly callMs: number;
  /** Chance that a call meets a fault. */
  readonly faults: number;
  /** Moments after the start at which the engine is killed and started again. */
  readonly kills: readonly number[];
  /** Moments after the start between which a guard is closed. */
  readonly closed?: { readonly from: number; readonly to: number };
}

export interface SimulatedWorkload {
  readonly name: string;
  readonly kind: "Deployment" | "StatefulSet";
  readonly replicas: number;
  readonly budget?: SimulatedBudget;
  readonly graceMs: number;
  readonly startMs: number;
  /** Pods that never become Ready where they are now. */
  readonly broken?: number;
}

export type SimulatedBudget = { readonly minAvailable: number } | { readonly maxUnavailable: number };

export const CALM: Omit<Scenario, "workloads"> = {
  seed: 1,
  blue: 4,
  green: 4,
  watchLagMs: 20,
  callMs: 10,
  faults: 0,
  kills: [],
};

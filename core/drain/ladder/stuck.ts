import type { BudgetFact, PodFact } from "../facts";
import type { Standstill } from "../standstillCode";

/** Why pods of a workload cannot be evicted, or should not be yet. */
export type StuckCode =
  | Exclude<Standstill, "UNOBSERVED">
  | "MULTIPLE_PDBS"
  /** One pod without a PDB: its eviction would take the workload down. */
  | "SINGLE";

/** One workload's pods on blue that one budget holds. */
export interface Stuck {
  /** The lane, or the pod where several budgets hold it. */
  readonly key: string;
  /** As the reader knows it: `PDB shop/web`. */
  readonly budget: string;
  readonly fact?: BudgetFact;
  readonly code: StuckCode;
  /** Milliseconds since the epoch. */
  readonly since: number;
  /** `namespace/Kind/name` */
  readonly workload: string;
  readonly pods: readonly PodFact[];
  /** All other pods of the budget, wherever they are. */
  readonly siblings: readonly PodFact[];
}

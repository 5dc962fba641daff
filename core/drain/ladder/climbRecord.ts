import type { LadderWish } from "./rules";

/** One thing that was done for a workload, for the report. */
export interface ClimbRecord {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** `namespace/Kind/name` */
  readonly workload: string;
  readonly rung: LadderWish;
  readonly why: string;
}

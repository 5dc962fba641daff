/** What the ladder tells the engine. */
export interface LadderWord {
  /** Workloads (`namespace/Kind/name`) that may be evicted although a rung was meant to spare them that. */
  readonly released: ReadonlySet<string>;
  /** Lanes, and pods that several budgets hold, for which no rung is left. */
  readonly exhausted: ReadonlySet<string>;
}

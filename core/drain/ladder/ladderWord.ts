/** What the ladder tells the engine. */
export interface LadderWord {
  /** Workloads (`namespace/Kind/name`) that may be evicted although a rung was meant to spare them that. */
  readonly released: ReadonlySet<string>;
  /** Lanes, and pods that several budgets hold, for which no rung is left. */
  readonly exhausted: ReadonlySet<string>;
  /**
   * Workloads whose own rollout is moving their pods, and until when that is believed, in milliseconds since the epoch. An
   * eviction beside it would take a pod at the same moment as the rollout takes another, and no budget sees both.
   */
  readonly restarting: ReadonlyMap<string, number>;
}

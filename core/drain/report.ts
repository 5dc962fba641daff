/** Why pods are still there. One reason, all the pods it holds. */
export interface BlockedReason {
  readonly code: string;
  readonly message: string;
  /** `namespace/name`, sorted. */
  readonly pods: readonly string[];
  /** As the reader knows it: `PDB shop/web`. */
  readonly budget?: string;
  readonly needs?: number;
  readonly has?: number;
  readonly seconds: number;
}

export interface DrainFigures {
  readonly moved: number;
  /** Pods that would still have to move. */
  readonly remaining: number;
  readonly nodes: {
    readonly empty: number;
    readonly total: number;
    /** Emptied nodes whose objects were deleted, sorted: they are not given back. Absent = none. */
    readonly givenUp?: readonly string[];
  };
  readonly seconds: number;
}

export type DrainOutcome = DrainFigures &
  (
    | { readonly kind: "drained" }
    | { readonly kind: "blocked"; readonly reasons: readonly BlockedReason[] }
    /** "rollback": a guard stayed closed, and whoever started the run wants blue to be filled again. */
    | { readonly kind: "paused" | "stopped" | "rollback" | "lostLease"; readonly reason: string }
  );

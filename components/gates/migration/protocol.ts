import type { GateInputs } from "../protocol";

/** One generation that the pool is leaving under review, in staged mode. */
export interface RetiringShare {
  readonly generation: string;
  /** Percent of its nodes to empty, 0 to 100. */
  readonly drainPercent: number;
  /** ISO time before which nothing of it moves. */
  readonly notBefore?: string;
}

export interface MigrationInputs extends GateInputs {
  readonly gate: "Migration";
  readonly cluster: string;
  readonly pool: string;
  readonly generation: string;
  readonly removing: boolean;
  readonly epoch: number;
  readonly retiring: readonly RetiringShare[];
  readonly drain: {
    /** Seconds the whole migration of the pool may take. */
    readonly timeoutSeconds: number;
    /** Seconds of it within one `up`; what is left goes on with the next. */
    readonly deadlinePerUpSeconds: number;
  };
}

export interface MigrationOutputs extends MigrationInputs {
  readonly outcome: { readonly moved: number; readonly seconds: number; readonly percent: number };
}

import type { GateInputs } from "../protocol";

/** One generation that the pool is leaving under review, in staged mode. */
export interface RetiringShare {
  readonly generation: string;
  /** Percent of its nodes to empty, 0 to 100. */
  readonly drainPercent: number;
  /** ISO time before which nothing of it moves. */
  readonly notBefore?: string;
}

export interface MigrationWaves {
  /** Percent of the pool that may exist beside it while it moves. */
  readonly poolSurge: number;
  readonly size: { readonly min: number; readonly max: number };
  /** The kubelet version that nodes of the active generation report. */
  readonly version: string;
  /** Device → how many each node must offer before it is proven; absent = none. */
  readonly expects?: Readonly<Record<string, number>>;
  /** Keys of the taints that config gives its nodes; absent = none. */
  readonly taintKeys?: readonly string[];
  /** Seconds that new nodes have to become Ready. */
  readonly timeoutSeconds: number;
}

export interface MigrationInputs extends GateInputs {
  readonly gate: "Migration";
  readonly cluster: string;
  readonly pool: string;
  readonly generation: string;
  readonly removing: boolean;
  readonly epoch: number;
  readonly retiring: readonly RetiringShare[];
  /** Where the pool moves in waves. */
  readonly waves?: MigrationWaves;
  readonly drain: {
    /** Seconds the whole migration of the pool may take. */
    readonly timeoutSeconds: number;
    /** Seconds of it within one `up`; what is left goes on with the next. */
    readonly deadlinePerUpSeconds: number;
  };
}

/** How one generation was emptied, against the least time that any drainer needs (T*). */
export interface EmptiedGeneration {
  readonly generation: string;
  readonly moved: number;
  readonly makespanSeconds: number;
  readonly lowerBoundSeconds: number;
  /** The budget, or the platform's part, that T* comes from. */
  readonly bindingTerm: string;
}

export interface MigrationOutputs extends MigrationInputs {
  readonly outcome: {
    readonly moved: number;
    readonly seconds: number;
    readonly percent: number;
    /** Absent in state that an older release wrote. */
    readonly drains?: readonly EmptiedGeneration[];
  };
}

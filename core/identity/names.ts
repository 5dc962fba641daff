/** Every name this product gives to things in a cluster. They are API: renaming one loses what older runs wrote. */

/** Node labels. */
export const LABEL = {
  pool: "changeover.dev/pool",
  generation: "changeover.dev/generation",
} as const;

/** Node taints. */
export const TAINT = {
  /** Green until its Activation: nothing lands on it unproven. */
  unproven: { key: "changeover.dev/unproven", effect: "NoSchedule" },
  /** Blue once fenced: a wish, because a hard one would strand pods when the rest is full. */
  leaving: { key: "changeover.dev/leaving", effect: "PreferNoSchedule" },
} as const;

/** Node annotations. */
export const ANNOTATION = {
  /** JSON of what the node was before we changed it. */
  prior: "changeover.dev/prior",
  /** Which run holds the node. */
  run: "changeover.dev/run",
} as const;

/** Namespace and objects inside it. */
export const NAMES = {
  namespace: "changeover-system",
  /** ConfigMap: what is active, migrated, proven. */
  ledger: "changeover-ledger",
  /** ConfigMap: what this cluster carries while traffic moves from one cluster to another. */
  handover: "changeover-handover",
  /** Lease: one migrating run per cluster. */
  lease: "changeover",
  /** ConfigMap with the stop switch. */
  control: "changeover-control",
  /** Key in the control ConfigMap: present = stop, its text says why. */
  stopKey: "stop",
} as const;

/** Users may not write labels and taints of this prefix. */
export const RESERVED_PREFIX = "changeover.dev/";

export interface GenerationName {
  readonly pool: string;
  /** "1.36". */
  readonly minor: string;
  readonly hash: string;
}

const GENERATION = /^([a-z0-9](?:[a-z0-9-]*[a-z0-9])?)-(\d+)-(\d+)-([0-9a-f]{6})$/;

/** Takes "workers-1-36-7c2e90" apart; undefined for anything else. */
export const parseGenerationId = (id: string): GenerationName | undefined => {
  const [, pool, major, minor, hash] = GENERATION.exec(id) ?? [];
  if (pool === undefined || major === undefined || minor === undefined || hash === undefined)
    return undefined;
  return { pool, minor: `${major}.${minor}`, hash };
};

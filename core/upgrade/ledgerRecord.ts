import type { Problem } from "../problem";
import { accept, refuse, type Result } from "../result";

/**
 * What the cluster itself records of its upgrades, in the ConfigMap `changeover-ledger`. Proofs are epoch numbers: what
 * belongs to an older epoch proves nothing about the present one.
 */
export interface Ledger {
  /** UID of the namespace kube-system: the cluster that this ledger is about. */
  readonly clusterUid?: string;
  /** `organization/project/stack` that may write here. */
  readonly stack?: string;
  /** Version that we last saw the control plane reach, and the stage it was in. */
  readonly reached?: Reached;
  /** What "no worse than before" means for the upgrade under way. */
  readonly baseline?: { readonly notReadyNodes: number };
  readonly pools: Readonly<Record<string, PoolRecord>>;
}

export interface Reached {
  readonly version: string;
  readonly stage: "emulated" | "final";
  /** The version it was seen at before, and when it was first seen at this minor (ISO time); absent = made at it. */
  readonly from?: string;
  readonly at?: string;
}

export interface PoolRecord {
  /** Id of the generation that is open. */
  readonly active: string;
  /** Counts activations. */
  readonly epoch: number;
  /** ISO time of the present epoch's activation. */
  readonly activatedAt?: string;
  /** The generation that was active before this one, if it was another. */
  readonly previous?: string;
  /** A move in waves that is not over: where to, and how many nodes the pool has when it is. */
  readonly moving?: PoolMoving;
  /** The pool is on its way out: no generation of it is open. */
  readonly removing?: boolean;
  /** Epoch whose workloads have moved, and the share of the nodes being left that they moved from. */
  readonly migrated?: number;
  readonly percent?: number;
  readonly validated?: number;
  readonly soaked?: number;
  /** Epoch that is done: without it no interlock lets a generation go. */
  readonly completed?: number;
}

export interface PoolMoving {
  readonly to: string;
  readonly nodes: number;
}

/** Before anything was recorded. */
export const EMPTY_LEDGER: Ledger = { pools: {} };

/** No text = no ledger yet. Anything that is not a ledger is refused: unknown is never treated as empty. */
export const parseLedger = (text: string | undefined): Result<Ledger> => {
  if (text === undefined) return accept(EMPTY_LEDGER);
  try {
    const found: unknown = JSON.parse(text);
    return isLedger(found)
      ? accept(found)
      : refuse([unreadable("it has no pools with an active generation and an epoch")]);
  } catch (error) {
    return refuse([unreadable(error instanceof Error ? error.message : String(error))]);
  }
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isLedger = (value: unknown): value is Ledger =>
  isRecord(value) && isRecord(value["pools"]) && Object.values(value["pools"]).every(isPoolRecord);

const isPoolRecord = (value: unknown): value is PoolRecord =>
  isRecord(value) && typeof value["active"] === "string" && Number.isInteger(value["epoch"]);

const unreadable = (why: string): Problem => ({
  code: "Ledger.Unreadable",
  path: "changeover-system/changeover-ledger",
  message: `the ledger in the cluster can't be read: ${why}`,
  fix: "restore the ConfigMap from the last backup; without it nothing is deleted",
});

/** The same ledger always gives the same text. */
export const serialiseLedger = (ledger: Ledger): string =>
  JSON.stringify(ledger, (_key, value: unknown) => (isRecord(value) ? sorted(value) : value));

const sorted = (record: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));

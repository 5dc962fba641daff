import { minorOf } from "../version/kubeVersion";
import type { Ledger, PoolRecord, Reached } from "./ledgerRecord";

export { mayComplete, mayDelete } from "./ledgerChecks";
export { EMPTY_LEDGER, type Ledger, parseLedger, type PoolRecord, serialiseLedger } from "./ledgerRecord";

export interface ActivationRecord {
  readonly pool: string;
  readonly generation: string;
  readonly removing: boolean;
  /** ISO time. */
  readonly at: string;
}

/** Opens a new epoch, even for the same generation: every proof of the old one is dropped. */
export const recordActivation = (
  ledger: Ledger,
  { pool, generation, removing, at }: ActivationRecord,
): Ledger => {
  const before = ledger.pools[pool];
  const record: PoolRecord = {
    active: generation,
    epoch: (before?.epoch ?? 0) + 1,
    activatedAt: at,
    ...(before === undefined ? {} : remembered(before, generation)),
    ...(removing ? { removing } : {}),
  };
  return { ...ledger, pools: { ...ledger.pools, [pool]: record } };
};

/** What outlives an epoch: where the pool came from, and that a move in waves is not over. */
const remembered = (before: PoolRecord, generation: string): Pick<PoolRecord, "previous" | "moving"> => {
  const previous = before.active === generation ? before.previous : before.active;
  return {
    ...(previous === undefined ? {} : { previous }),
    ...(before.moving === undefined ? {} : { moving: before.moving }),
  };
};

/** A move in waves begins, or turns round: the number of nodes it began with stays until it is over. */
export const recordMoving = (
  ledger: Ledger,
  pool: string,
  { to, nodes }: NonNullable<PoolRecord["moving"]>,
): Ledger => {
  const record = ledger.pools[pool];
  if (record === undefined) return ledger;
  const moving = { to, nodes: record.moving?.nodes ?? nodes };
  return { ...ledger, pools: { ...ledger.pools, [pool]: { ...record, moving } } };
};

/** Another share than the one recorded makes what was validated since worthless: those proofs go. The move is over. */
export const recordMigrated = (
  ledger: Ledger,
  pool: string,
  done: { readonly epoch: number; readonly percent: number },
): Ledger =>
  prove(ledger, { pool, epoch: done.epoch }, record => {
    const same = record.migrated === done.epoch && record.percent === done.percent;
    const kept = without(record, same ? ["moving"] : ["moving", ...AFTER_MIGRATION]);
    return { ...kept, migrated: done.epoch, percent: done.percent };
  });

const AFTER_MIGRATION = ["validated", "soaked", "completed"] as const satisfies (keyof PoolRecord)[];

const without = (record: PoolRecord, keys: readonly string[]): PoolRecord =>
  Object.fromEntries(Object.entries(record).filter(([key]) => !keys.includes(key))) as unknown as PoolRecord;

export const recordValidated = (ledger: Ledger, pool: string, epoch: number): Ledger =>
  prove(ledger, { pool, epoch }, record => ({ ...record, validated: epoch }));

export const recordSoaked = (ledger: Ledger, pool: string, epoch: number): Ledger =>
  prove(ledger, { pool, epoch }, record => ({ ...record, soaked: epoch }));

/** Marks pools as done whose given epoch is the present one. */
export const recordCompleted = (ledger: Ledger, epochs: Readonly<Record<string, number>>): Ledger =>
  Object.entries(epochs).reduce(
    (before, [pool, epoch]) => prove(before, { pool, epoch }, record => ({ ...record, completed: epoch })),
    ledger,
  );

/** What the control plane was seen to reach: live newer than this was not our doing. A new minor notes where it came from. */
export const recordReached = (
  ledger: Ledger,
  { version, stage, at }: { readonly version: string; readonly stage: Reached["stage"]; readonly at: string },
): Ledger => {
  const before = ledger.reached;
  const isNew = before !== undefined && minorOf(before.version) !== minorOf(version);
  const arrival = isNew ? { from: before.version, at } : before;
  return { ...ledger, reached: { ...arrival, version, stage } };
};

/** A proof for an epoch that is over, or of a pool nobody activated, changes nothing. */
const prove = (
  ledger: Ledger,
  { pool, epoch }: { pool: string; epoch: number },
  change: (record: PoolRecord) => PoolRecord,
): Ledger => {
  const record = ledger.pools[pool];
  if (record?.epoch !== epoch) return ledger;
  return { ...ledger, pools: { ...ledger.pools, [pool]: change(record) } };
};

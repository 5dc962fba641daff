import type { Problem } from "../problem";
import type { Ledger, PoolRecord } from "./ledgerRecord";

const STEPS = ["migrated", "validated", "soaked"] as const;

/** What is missing before these epochs may be called done; empty = complete. */
export const mayComplete = (ledger: Ledger, epochs: Readonly<Record<string, number>>): readonly Problem[] =>
  Object.entries(epochs).flatMap(([pool, epoch]) => {
    const record = ledger.pools[pool];
    if (record?.epoch !== epoch) return [staleEpoch(pool, epoch, record)];
    const missing = STEPS.filter(step => record[step] !== epoch);
    return missing.length === 0 ? [] : [unproven(pool, epoch, missing)];
  });

const staleEpoch = (pool: string, epoch: number, record: PoolRecord | undefined): Problem => ({
  code: "Completion.StaleEpoch",
  path: `pools.${pool}`,
  message: `this run belongs to epoch ${epoch} of "${pool}", the cluster is at epoch ${record?.epoch ?? "none"}: another run activated a generation`,
  fix: "let the other run finish, then run `pulumi up` again",
});

const unproven = (pool: string, epoch: number, missing: readonly string[]): Problem => ({
  code: "Completion.Unproven",
  path: `pools.${pool}`,
  message: `pool "${pool}" is not ${missing.join(", not ")} in epoch ${epoch}`,
  fix: "run `pulumi up` again: what is missing runs first",
});

/**
 * Whether a generation may be deleted now. It needs the completion record of the present epoch, everything moved, and
 * must not be the one its pool runs on, unless the whole pool is on its way out.
 */
export const mayDelete = (ledger: Ledger, pool: string, generation: string): Problem | undefined => {
  const record = ledger.pools[pool];
  const path = `pools.${pool}`;
  if (record === undefined) return neverActivated(path, generation);
  if (record.active === generation && record.removing !== true) return stillActive(path, generation);
  if (record.completed !== record.epoch) return notCompleted(path, generation, record);
  return record.percent === 100 ? undefined : notAllMoved(path, generation, record.percent);
};

const neverActivated = (path: string, generation: string): Problem => ({
  code: "Interlock.NoRecord",
  path,
  message: `the ledger knows nothing of the pool that ${generation} belongs to, so nothing proves that its workloads run elsewhere`,
  fix: "put the pool back into config with `remove: true`, run `pulumi up`, then remove its entry",
});

const stillActive = (path: string, generation: string): Problem => ({
  code: "Interlock.StillActive",
  path,
  message: `${generation} is the generation its pool runs on`,
  fix: "put the pool's settings back; to give the pool up, set `remove: true` first, in its own `up`",
});

const notCompleted = (path: string, generation: string, record: PoolRecord): Problem => ({
  code: "Interlock.NotCompleted",
  path,
  message: `epoch ${record.epoch} has no completion record (last completed: ${record.completed ?? "none"}), so ${generation} may still be needed`,
  fix: "run `pulumi up` again: migration, validation and soak of this epoch come first",
});

const notAllMoved = (path: string, generation: string, percent: number | undefined): Problem => ({
  code: "Interlock.NotAllMoved",
  path,
  message: `only ${percent ?? 0} % of the nodes being left were emptied and validated, so ${generation} still carries the rest`,
  fix: "set drainPercent: 100% for it, run `pulumi up`, then let it go",
});

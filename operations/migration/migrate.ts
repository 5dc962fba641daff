import type { ConnectionRecipe } from "../../core/config/connection";
import { LABEL } from "../../core/identity/names";
import { ProblemError, type Problem } from "../../core/problem";
import { type Ledger, recordMigrated } from "../../core/upgrade/ledger";
import { listNodes, type NodeView } from "../../kube";
import { readLedger, updateLedger } from "../ledger/store";
import type { CloudPorts } from "../ports";
import { cordonAllBlue } from "./cordonAllBlue";
import { emptyNodes, type Emptied } from "./emptyNodes";
import { moveInWaves, type WavesWanted } from "./moveInWaves";
import { resumeComplete, suspendRebalance } from "./rebalance";

export interface MigrationWanted {
  readonly connection: ConnectionRecipe;
  readonly pool: string;
  readonly generation: string;
  readonly removing: boolean;
  readonly epoch: number;
  readonly retiring: readonly {
    readonly generation: string;
    readonly drainPercent: number;
    readonly notBefore?: string;
  }[];
  readonly drain: { readonly timeoutSeconds: number; readonly deadlinePerUpSeconds: number };
  /** Where a whole second pool may not stand beside the first. */
  readonly waves?: WavesWanted;
}

export interface MigrationDone {
  readonly moved: number;
  readonly seconds: number;
  /** The least share that any generation being left was emptied to. */
  readonly percent: number;
  /** One for each generation, or wave of one, that was emptied in this run, in that order. */
  readonly drains: readonly Emptied[];
}

/** Empties every generation of the pool but the active one, each to its share, and records it for this epoch. */
export const migratePool = async (
  ports: CloudPorts,
  wanted: MigrationWanted,
  signal: AbortSignal,
): Promise<MigrationDone> => {
  const started = ports.now();
  const ledger = await readLedger(ports.kube, signal);
  const stale = checkEpoch(ledger, wanted);
  if (stale !== undefined) throw new ProblemError("migration refused", [stale]);
  const shares = sharesOf(
    await listNodes(ports.kube, { signal, labels: { [LABEL.pool]: wanted.pool } }),
    wanted,
  );
  const early = shares.flatMap(share => checkNotBefore(share, ports.now()));
  if (early.length > 0) throw new ProblemError("migration refused", early);
  await closeLeft(ports, wanted, { shares, signal });
  if (shares.length > 0) await cordonAllBlue(ports, signal);
  if (shares.length > 0 && !wanted.removing) await suspendRebalance(ports, wanted, signal);
  const drains = await (wanted.waves === undefined || wanted.removing
    ? emptyShares(ports, wanted, { shares, signal })
    : moveInWaves(ports, { ...wanted, ...wanted.waves }, signal));
  const percent = Math.min(100, ...shares.map(share => share.percent));
  await updateLedger(
    ports.kube,
    before => recordMigrated(before, wanted.pool, { epoch: wanted.epoch, percent }),
    signal,
  );
  await resumeComplete(ports, wanted, signal);
  return {
    moved: drains.reduce((sum, { moved }) => sum + moved, 0),
    percent,
    seconds: Math.round((ports.now() - started) / 1_000),
    drains,
  };
};

/** Again: a try to go back that failed may have opened one after the activation closed it. */
const closeLeft = async (
  { live, log }: CloudPorts,
  { connection, pool }: MigrationWanted,
  { shares, signal }: { shares: readonly Share[]; signal: AbortSignal },
): Promise<void> => {
  for (const { from: generation } of shares)
    await live.closePool({ connection, pool, generation, log, signal });
};

const emptyShares = async (
  ports: CloudPorts,
  { pool, drain }: MigrationWanted,
  { shares, signal }: { shares: readonly Share[]; signal: AbortSignal },
): Promise<readonly Emptied[]> => {
  const drains: Emptied[] = [];
  for (const { from, percent } of shares) {
    const emptied = await emptyNodes(ports, { pool, from, percent, drain }, signal);
    if (emptied !== undefined) drains.push(emptied);
  }
  return drains;
};

/** One generation that is being left, and how much of it to empty. */
interface Share {
  readonly from: string;
  readonly percent: number;
  readonly notBefore?: string;
}

/** A generation that nobody listed as retiring is left entirely. */
export const sharesOf = (
  nodes: readonly NodeView[],
  wanted: Pick<MigrationWanted, "generation" | "removing" | "retiring">,
): Share[] => {
  const present = new Set(nodes.flatMap(node => node.labels[LABEL.generation] ?? []));
  const left = [...present].filter(generation => wanted.removing || generation !== wanted.generation);
  return left.sort().map(from => {
    const listed = wanted.removing ? undefined : wanted.retiring.find(entry => entry.generation === from);
    const share = { from, percent: listed?.drainPercent ?? 100 };
    return listed?.notBefore === undefined ? share : { ...share, notBefore: listed.notBefore };
  });
};

const checkEpoch = (ledger: Ledger, wanted: MigrationWanted): Problem | undefined => {
  const epoch = ledger.pools[wanted.pool]?.epoch;
  if (epoch === wanted.epoch) return undefined;
  return {
    code: "Migration.StaleEpoch",
    path: `pools.${wanted.pool}`,
    message: `this migration belongs to epoch ${String(wanted.epoch)}, the cluster is at epoch ${String(epoch ?? "none")}: another run activated a generation`,
    fix: "let the other run finish, then run `pulumi up` again",
  };
};

const checkNotBefore = (share: Share, now: number): Problem[] => {
  if (share.notBefore === undefined || share.percent === 0 || Date.parse(share.notBefore) <= now) return [];
  return [
    {
      code: "Migration.NotBefore",
      path: `retiring.${share.from}.notBefore`,
      message: `${share.from} may not be drained before ${share.notBefore}; it is ${new Date(now).toISOString()}`,
      fix: "run `pulumi up` again after that time, or change notBefore in a reviewed edit",
    },
  ];
};

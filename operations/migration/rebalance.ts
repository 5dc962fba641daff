import type { ConnectionRecipe } from "../../core/config/connection";
import { readLedger } from "../ledger/store";
import type { CloudPorts } from "../ports";

type RebalancePorts = Pick<CloudPorts, "kube" | "live" | "log">;

interface Moving {
  readonly connection: ConnectionRecipe;
  readonly pool: string;
}

/** What workloads move onto is not taken from under them by the cloud, until `resumeComplete`. */
export const suspendRebalance = async (
  { live, log }: Pick<RebalancePorts, "live" | "log">,
  { connection, pool, generation }: Moving & { readonly generation: string },
  signal: AbortSignal,
): Promise<void> => {
  await live.suspendRebalance?.({ connection, pool, generation, log, signal });
};

/** Where the pool's move is complete. A second time is no harm; what was begun again stays suspended. */
export const resumeComplete = async (
  { kube, live, log }: RebalancePorts,
  { connection, pool }: Moving,
  signal: AbortSignal,
): Promise<void> => {
  const record = (await readLedger(kube, signal)).pools[pool];
  if (record === undefined || record.completed !== record.epoch) return;
  await live.resumeRebalance?.({ connection, pool, generation: record.active, log, signal });
};

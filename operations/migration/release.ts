import { LABEL } from "../../core/identity/names";
import type { ConnectionRecipe } from "../../core/config/connection";
import { type Problem, ProblemError } from "../../core/problem";
import { mayDelete } from "../../core/upgrade/ledgerChecks";
import { listNodes } from "../../kube";
import { proveCapacity } from "../drain/capacity";
import { fenceNodes } from "../drain/fence";
import { readLedger } from "../ledger/store";
import type { CloudPorts } from "../ports";
import { emptyNodes } from "./emptyNodes";

export interface ReleaseWanted {
  readonly connection: ConnectionRecipe;
  readonly pool: string;
  readonly generation: string;
  readonly timeoutSeconds: number;
}

/**
 * What stands between a generation and its end: the record of this epoch, room elsewhere for what is still on it, the
 * rest of the drain, and a pool closed at the cloud so that it can't refill before it is deleted.
 */
export const releaseGeneration = async (
  ports: CloudPorts,
  wanted: ReleaseWanted,
  signal: AbortSignal,
): Promise<void> => {
  const refused = mayDelete(await readLedger(ports.kube, signal), wanted.pool, wanted.generation);
  if (refused !== undefined) throw new ProblemError(`${wanted.generation} is not let go`, [refused]);
  const nodes = await listNodes(ports.kube, { signal, labels: { [LABEL.generation]: wanted.generation } });
  const names = nodes.map(node => node.name).sort();
  const closing = { ...wanted, log: ports.log, signal };
  if (names.length === 0) return ports.live.closePool(closing);
  const proof = await proveCapacity(ports.kube, { leaving: names, signal });
  if (proof.verdict === "IMPOSSIBLE") {
    throw new ProblemError(`${wanted.generation} is not let go`, [noRoom(wanted, proof.reasons)]);
  }
  await ports.live.closePool(closing);
  await fenceNodes(ports.kube, names, { run: ports.run, cordon: true, signal });
  const drain = { timeoutSeconds: wanted.timeoutSeconds, deadlinePerUpSeconds: wanted.timeoutSeconds };
  await emptyNodes(ports, { pool: wanted.pool, from: wanted.generation, percent: 100, drain }, signal);
};

const noRoom = (wanted: ReleaseWanted, reasons: readonly string[]): Problem => ({
  code: "Interlock.NoRoom",
  path: `pools.${wanted.pool}`,
  message: `the rest of the cluster can't take what runs on ${wanted.generation}: ${reasons.slice(0, 3).join("; ")}`,
  fix: "raise size.max of a pool that can take it and run `pulumi up` again; nothing was deleted",
});

import { LABEL } from "../../core/identity/names";
import { type Problem, ProblemError } from "../../core/problem";
import type { Ledger } from "../../core/upgrade/ledger";
import { listNodes, type NodeView } from "../../kube";
import { proveCapacity } from "../drain/capacity";
import { fenceNodes } from "../drain/fence";
import { readLedger } from "../ledger/store";
import type { CloudPorts, Ports } from "../ports";

/**
 * Before the first eviction the blue of every pool that changes is closed, not only this pool's: a pod without a
 * selector would else land on another pool's blue and move twice. Hard only when the rest is proven to hold them all;
 * when it is proven that it can't, nothing is evicted: those pods would come back to blue for ever.
 */
export const cordonAllBlue = async (ports: CloudPorts, signal: AbortSignal): Promise<void> => {
  const [ledger, nodes] = await Promise.all([
    readLedger(ports.kube, signal),
    listNodes(ports.kube, { signal }),
  ]);
  const blue = nodes.filter(node => isBlue(node, ledger)).map(node => node.name);
  if (blue.length === 0) return;
  const proof = await proveCapacity(ports.kube, { leaving: blue, growth: growthOf(nodes, ledger), signal });
  if (proof.verdict === "IMPOSSIBLE") await refuseHopeless(ports, proof.reasons, signal);
  const cordon = proof.verdict === "FITS";
  if (!cordon)
    ports.log(
      `capacity ${proof.verdict}: ${proof.reasons.slice(0, 3).join("; ")}; the old nodes stay schedulable as a last resort`,
    );
  await fenceNodes(ports.kube, blue, { run: ports.run, cordon, signal });
};

/** Pods that found no room before either are not this move's doing and stop nobody. */
const refuseHopeless = async (
  { kube }: Ports,
  reasons: readonly string[],
  signal: AbortSignal,
): Promise<void> => {
  const before = await proveCapacity(kube, { leaving: [], signal });
  if (before.verdict === "IMPOSSIBLE") return;
  throw new ProblemError("migration refused", [noRoom(reasons)]);
};

const noRoom = (reasons: readonly string[]): Problem => ({
  code: "Migration.NoRoom",
  path: "pools",
  message: `what runs on the nodes being left has no other place: ${reasons.slice(0, 3).join("; ")}`,
  fix: "make room (size.max of a pool that can take it) or loosen what pins these pods, then run `pulumi up` again; or set the pool's settings back: nothing was evicted",
});

/** What the generations gain that are moved to in waves. */
const growthOf = (nodes: readonly NodeView[], { pools }: Ledger): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.values(pools).flatMap(({ active, moving }) => {
      const present = nodes.filter(node => node.labels[LABEL.generation] === active).length;
      return moving?.to === active && moving.nodes > present ? [[active, moving.nodes - present]] : [];
    }),
  );

/** Node of a pool that the ledger knows, in a generation that is not its active one. */
const isBlue = (node: NodeView, ledger: Ledger): boolean => {
  const record = ledger.pools[node.labels[LABEL.pool] ?? ""];
  if (record === undefined) return false;
  return record.removing === true || record.active !== node.labels[LABEL.generation];
};

import { LABEL, TAINT } from "../../core/identity/names";
import type { ConnectionRecipe } from "../../core/config/connection";
import { recordActivation } from "../../core/upgrade/ledger";
import { type KubeClient, listNodes, type NodeView, patchNode } from "../../kube";
import { fenceNodes, openFence } from "../drain/fence";
import { updateLedger } from "../ledger/store";
import type { CloudPorts } from "../ports";

export interface ActivationWanted {
  readonly connection: ConnectionRecipe;
  readonly pool: string;
  readonly generation: string;
  readonly removing: boolean;
}

/**
 * Opens one generation of the pool and fences every other. The ledger comes first: a kill right after it is seen by
 * the next diff (epochs differ), a kill before it changed nothing. Returns the new epoch.
 */
export const activatePool = async (
  ports: CloudPorts,
  wanted: ActivationWanted,
  signal: AbortSignal,
): Promise<number> => {
  const { pool, generation, removing } = wanted;
  const ledger = await updateLedger(
    ports.kube,
    before =>
      recordActivation(before, { pool, generation, removing, at: new Date(ports.now()).toISOString() }),
    signal,
  );
  const nodes = await listNodes(ports.kube, { signal, labels: { [LABEL.pool]: pool } });
  const stays = (node: NodeView): boolean => !removing && node.labels[LABEL.generation] === generation;
  if (!removing) await open(ports, { ...wanted, nodes: nodes.filter(stays) }, signal);
  await close(ports, { ...wanted, nodes: nodes.filter(node => !stays(node)) }, signal);
  const epoch = ledger.pools[pool]?.epoch ?? 0;
  ports.log(
    `${removing ? `pool ${pool} is being removed` : `${generation} is open`} (epoch ${String(epoch)})`,
  );
  return epoch;
};

type Changing = ActivationWanted & { readonly nodes: readonly NodeView[] };

const open = async (ports: CloudPorts, wanted: Changing, signal: AbortSignal): Promise<void> => {
  await ports.live.openPool({ ...wanted, log: ports.log, signal });
  await openFence(
    ports.kube,
    wanted.nodes.map(node => node.name),
    signal,
  );
  await Promise.all(wanted.nodes.map(node => liftUnproven(ports.kube, node, signal)));
};

const liftUnproven = async (kube: KubeClient, node: NodeView, signal: AbortSignal): Promise<void> => {
  if (!node.taints.some(taint => taint.key === TAINT.unproven.key)) return;
  await patchNode(
    kube,
    node.name,
    current => ({ taints: current.taints.filter(taint => taint.key !== TAINT.unproven.key) }),
    { signal },
  );
};

/** Soft first: the hard cordon follows in the migration, once the rest is proven to hold everything. */
const close = async (ports: CloudPorts, wanted: Changing, signal: AbortSignal): Promise<void> => {
  const left = new Set(wanted.nodes.flatMap(node => node.labels[LABEL.generation] ?? []));
  for (const generation of [...left].sort())
    await ports.live.closePool({ ...wanted, generation, log: ports.log, signal });
  await fenceNodes(
    ports.kube,
    wanted.nodes.map(node => node.name),
    { run: ports.run, cordon: false, signal },
  );
};

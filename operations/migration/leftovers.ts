import { LABEL, TAINT } from "../../core/identity/names";
import { type KubeClient, listNodes, type NodeView } from "../../kube";
import { carryWorkloads } from "./carryWorkloads";
import { type MigrationWanted, sharesOf } from "./migrate";

/**
 * Whether generations that were emptied are open or carry workloads again. Their interlock may be gone already (the
 * delete of another pool failed after it), so what landed there since must be moved before the nodes go.
 */
export const hasLeftovers = async (
  kube: KubeClient,
  wanted: Pick<MigrationWanted, "pool" | "generation" | "removing" | "retiring">,
  signal: AbortSignal,
): Promise<boolean> => {
  const nodes = await listNodes(kube, { signal, labels: { [LABEL.pool]: wanted.pool } });
  const emptied = new Set(
    sharesOf(nodes, wanted).flatMap(({ from, percent }) => (percent === 100 ? [from] : [])),
  );
  const left = nodes.filter(node => emptied.has(node.labels[LABEL.generation] ?? ""));
  if (left.length === 0) return false;
  return left.some(isOpen) || carryWorkloads(kube, new Set(left.map(({ name }) => name)), signal);
};

const isOpen = (node: NodeView): boolean => !node.taints.some(({ key }) => key === TAINT.leaving.key);

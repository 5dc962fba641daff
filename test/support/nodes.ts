import { ANNOTATION, LABEL } from "../../core/identity/names";
import { type KubeClient, listNodes, type NodeView, readLease } from "../../kube";
import { until } from "./processes";

/** What an upgrade may change about a node, and must give back. */
export interface NodeMarks {
  readonly name: string;
  readonly generation: string;
  readonly kubelet: string;
  readonly ready: boolean;
  readonly unschedulable: boolean;
  /** "key:effect", sorted. */
  readonly taints: readonly string[];
  /** Whether a record of what it was before is still on it. */
  readonly recorded: boolean;
}

const marksOf = (node: NodeView): NodeMarks => ({
  name: node.name,
  generation: node.labels[LABEL.generation] ?? "",
  kubelet: node.kubeletVersion,
  ready: node.ready,
  unschedulable: node.unschedulable,
  taints: node.taints.map(({ key, effect }) => `${key}:${effect}`).sort(),
  recorded: node.annotations[ANNOTATION.prior] !== undefined,
});

/** Every node of a pool as an upgrade sees it, by name. */
export const readMarks = async (kube: KubeClient, pool: string): Promise<readonly NodeMarks[]> => {
  const nodes = await listNodes(kube, { labels: { [LABEL.pool]: pool } });
  return nodes.map(marksOf).sort((a, b) => (a.name < b.name ? -1 : 1));
};

/** All of one kubelet version, open, with the taints they are born with, and without a mark of ours. */
export const expectServing = (
  nodes: readonly NodeMarks[],
  { kubelet, count, taints = [] }: { kubelet: string; count: number; taints?: readonly string[] },
): void => {
  const open = { ready: true, unschedulable: false, taints, recorded: false, kubelet };
  expect(nodes).toHaveLength(count);
  for (const node of nodes) expect(node).toMatchObject(open);
};

/**
 * Waits until every node is Ready and was heard of since: the node controller then has no reason left to call one lost.
 * After an outage it may do that, and take the readiness of its pods away, when all seems well again.
 */
export const untilHeardOf = async (kube: KubeClient): Promise<void> => {
  const since = new Date();
  const renewed = async (name: string): Promise<boolean> => {
    const lease = await readLease(kube, { namespace: "kube-node-lease", name });
    return lease?.renewTime !== undefined && new Date(lease.renewTime) > since;
  };
  const allRenewed = async (): Promise<boolean> => {
    const nodes = await listNodes(kube);
    const heard = await Promise.all(nodes.map(({ name }) => renewed(name)));
    return nodes.every(({ ready }) => ready) && heard.every(Boolean);
  };
  await until(allRenewed, { ms: 90_000, describe: () => "the simulator does not renew the nodes' leases" });
};

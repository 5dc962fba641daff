import { ANNOTATION, LABEL } from "../../core/identity/names";
import { type KubeClient, listNodes, type NodeView } from "../../kube";
import { SIMULATED } from "../../lab/simulator/annotations";
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

/** All of one kubelet version, open, and without a mark of ours. */
export const expectServing = (
  nodes: readonly NodeMarks[],
  wanted: { kubelet: string; count: number },
): void => {
  const open = { ready: true, unschedulable: false, taints: [], recorded: false, kubelet: wanted.kubelet };
  expect(nodes).toHaveLength(wanted.count);
  for (const node of nodes) expect(node).toMatchObject(open);
};

/**
 * Waits until the simulator hears the API again: after an outage its watches come back one by one, up to half a minute
 * later, and until then no new node gets Ready.
 */
export const untilSimulated = async (kube: KubeClient): Promise<void> => {
  const name = "test-heard";
  const path = `/api/v1/nodes/${name}`;
  const body = { metadata: { name, labels: { [SIMULATED]: "true" } } };
  await kube.request({ method: "POST", path: "/api/v1/nodes", body });
  const ready = async (): Promise<boolean> =>
    (await listNodes(kube)).some(node => node.name === name && node.ready);
  await until(ready, { ms: 90_000, describe: () => "the simulator does not hear of new nodes" });
  await kube.request({ method: "DELETE", path });
};

import type { AdoptedPool } from "../../core/config/adoption";
import type { ConnectionRecipe } from "../../core/config/connection";
import type { ExistingPool } from "../../core/config/existing";
import { LABEL } from "../../core/identity/names";
import { type KubeClient, listNodes, type NodeView, patchNode } from "../../kube";
import type { CloudStock } from "../ports";

export interface MarkPorts {
  readonly kube: KubeClient;
  readonly stock: CloudStock;
  readonly log: (line: string) => void;
}

/** What of a pool still lacks its marks. */
export interface Unmarked {
  readonly pool: AdoptedPool;
  /** Nodes that join later would come without. */
  readonly template: boolean;
  readonly nodes: readonly string[];
}

const marksOf = ({ pool, generation }: AdoptedPool): Record<string, string> => ({
  [LABEL.pool]: pool,
  [LABEL.generation]: generation,
});

const bears = ({ labels }: Pick<NodeView, "labels">, marks: Readonly<Record<string, string>>): boolean =>
  Object.entries(marks).every(([key, value]) => labels[key] === value);

type Members = ExistingPool["nodes"];

const isNamed = (members: Members): members is readonly string[] => Array.isArray(members);

const isMember = (node: Pick<NodeView, "labels" | "name">, members: Members): boolean =>
  isNamed(members) ? members.includes(node.name) : bears(node, members);

const nodesOf = async (
  kube: KubeClient,
  members: Members,
  signal: AbortSignal,
): Promise<readonly NodeView[]> =>
  isNamed(members)
    ? (await listNodes(kube, { signal })).filter(node => isMember(node, members))
    : listNodes(kube, { labels: members, signal });

/** Gates know a generation by its nodes' labels: which pools and nodes lack them. */
export const findUnmarked = async (
  kube: KubeClient,
  pools: readonly AdoptedPool[],
  signal: AbortSignal,
): Promise<readonly Unmarked[]> => {
  const looked = pools.map(async pool => {
    const nodes = await nodesOf(kube, pool.existing.nodes, signal);
    const { marks } = pool.existing;
    return {
      pool,
      template: marks !== undefined && (marks.pool !== pool.pool || marks.generation !== pool.generation),
      nodes: nodes.filter(node => !bears(node, marksOf(pool))).map(({ name }) => name),
    };
  });
  return (await Promise.all(looked)).filter(({ template, nodes }) => template || nodes.length > 0);
};

/** The template first: a node that joins meanwhile has them from its birth. Already done is success. */
export const markPools = async (
  ports: MarkPorts,
  { connection, unmarked }: { readonly connection: ConnectionRecipe; readonly unmarked: readonly Unmarked[] },
  signal: AbortSignal,
): Promise<void> => {
  for (const { pool, template } of unmarked) {
    const { existing, generation } = pool;
    const change = { connection, pool: pool.pool, generation, log: ports.log, signal };
    if (template) await ports.stock.markPool(change, existing.name);
    const nodes = await nodesOf(ports.kube, existing.nodes, signal);
    const marks = { labels: marksOf(pool) };
    await Promise.all(nodes.map(({ name }) => patchNode(ports.kube, name, () => marks, { signal })));
    ports.log(`${existing.name}: ${nodes.length} nodes are labelled as ${generation}`);
  }
};

const CONTROL_PLANE = "node-role.kubernetes.io/control-plane";

/** Nodes that belong to no pool of the cloud's: self-managed, Karpenter's, virtual ones. A control plane's are no pool's. */
export const findForeign = async (
  kube: KubeClient,
  pools: readonly Members[],
  signal: AbortSignal,
): Promise<readonly string[]> =>
  (await listNodes(kube, { signal }))
    .filter(({ labels }) => labels[CONTROL_PLANE] === undefined)
    .filter(node => !pools.some(members => isMember(node, members)))
    .map(({ name }) => name);

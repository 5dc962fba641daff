import type { AdoptedPool } from "../../core/config/adoption";
import type { ConnectionRecipe } from "../../core/config/connection";
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

/** Gates know a generation by its nodes' labels: which pools and nodes lack them. */
export const findUnmarked = async (
  kube: KubeClient,
  pools: readonly AdoptedPool[],
  signal: AbortSignal,
): Promise<readonly Unmarked[]> => {
  const looked = pools.map(async pool => {
    const nodes = await listNodes(kube, { labels: pool.existing.nodes, signal });
    const { marks } = pool.existing;
    return {
      pool,
      template: marks.pool !== pool.pool || marks.generation !== pool.generation,
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
    const nodes = await listNodes(ports.kube, { labels: existing.nodes, signal });
    const marks = { labels: marksOf(pool) };
    await Promise.all(nodes.map(({ name }) => patchNode(ports.kube, name, () => marks, { signal })));
    ports.log(`${existing.name}: ${nodes.length} nodes are labelled as ${generation}`);
  }
};

/** Nodes that belong to no pool of the cloud's: self-managed, Karpenter's, virtual ones. */
export const findForeign = async (
  kube: KubeClient,
  selectors: readonly Readonly<Record<string, string>>[],
  signal: AbortSignal,
): Promise<readonly string[]> =>
  (await listNodes(kube, { signal }))
    .filter(node => !selectors.some(selector => bears(node, selector)))
    .map(({ name }) => name);

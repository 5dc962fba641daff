import { type ComingPool, greenLike, restingNode, type WrittenNode } from "../../core/drain/greenNodes";
import { type ClusterSpec, cloudWrites, type PoolSpec } from "../../core/config";
import { LABEL } from "../../core/identity/names";
import type { NodeView } from "../../kube";

export interface Wanted {
  readonly cluster: Pick<ClusterSpec, "cloud">;
  readonly pools: readonly PoolSpec[];
  readonly generations: Readonly<Record<string, string>>;
}

/** The pool that a node leaves: of another generation than is wanted, or of a pool that is given up. */
export const leavingPool = ({ labels }: NodeView, { pools, generations }: Wanted): PoolSpec | undefined => {
  const pool = pools.find(({ name }) => name === labels[LABEL.pool]);
  const generation = labels[LABEL.generation];
  if (pool === undefined || pool.hold || generation === undefined) return undefined;
  return pool.remove || generations[pool.name] !== generation ? pool : undefined;
};

/** A node, and the pool that it leaves. */
export interface Standing {
  readonly node: NodeView;
  readonly pool: PoolSpec | undefined;
}

/** The nodes there will be: those that stay, and what may come for those that go. */
export const nodesAfter = (
  nodes: readonly Standing[],
  wanted: Wanted,
  { withHand }: { readonly withHand: boolean },
): readonly WrittenNode[] => {
  const after = nodes.flatMap(({ node, pool }) =>
    pool === undefined ? [restingNode(node)] : greenOf(node, pool, { wanted, withHand }),
  );
  return alike([...after, ...newPools(nodes, wanted)]);
};

/** Of a pool that has no nodes yet, what the cloud writes on those of others. */
const newPools = (nodes: readonly Standing[], wanted: Wanted): readonly WrittenNode[] => {
  const known = new Set(nodes.map(({ node }) => node.labels[LABEL.pool]));
  return wanted.pools
    .filter(({ name }) => !known.has(name))
    .flatMap(pool => nodes.flatMap(({ node }) => greenOf(node, pool, { wanted, withHand: false })));
};

export const greenOf = (
  node: NodeView,
  pool: PoolSpec,
  { wanted, withHand }: { readonly wanted: Wanted; readonly withHand: boolean },
): readonly WrittenNode[] => {
  const generation = wanted.generations[pool.name];
  if (pool.remove || generation === undefined) return [];
  const { name, machine, zones, labels, taints } = pool;
  const written = cloudWrites(wanted.cluster.cloud, pool);
  const coming: ComingPool = {
    ...{ name, generation, machine, zones, labels, written: written.labels },
    taints: [...taints, ...written.taints].map(readTaint),
  };
  return greenLike(node, coming, { withHand });
};

const readTaint = ({ key, value, effect }: PoolSpec["taints"][number]): WrittenNode["taints"][number] => ({
  key,
  effect,
  ...(value === undefined ? {} : { value }),
});

/** Green nodes of one pool look the same: a thousand of them are judged as one. */
const alike = (nodes: readonly WrittenNode[]): readonly WrittenNode[] => [
  ...new Map(nodes.map(node => [JSON.stringify(node), node])).values(),
];

/** How a node that comes may look, and how many that are there it is told by. */
interface Look {
  readonly look: WrittenNode;
  readonly weight: number;
}

interface Models {
  readonly nodes: readonly Standing[];
  readonly wanted: Wanted;
  readonly withHand: boolean;
}

/** Told by the nodes that leave the pool, else by those that it has, else by all. */
export const looksOf = (pool: PoolSpec, { nodes, wanted, withHand }: Models): readonly Look[] => {
  const own = nodes.filter(({ node }) => node.labels[LABEL.pool] === pool.name);
  const going = own.filter(standing => standing.pool === pool);
  const models = [going, own].find(({ length }) => length > 0);
  const looks = (models ?? nodes).flatMap(({ node }) =>
    greenOf(node, pool, { wanted, withHand: withHand && models !== undefined }),
  );
  const counted = new Map<string, Look>();
  for (const look of looks) {
    const key = JSON.stringify(look);
    counted.set(key, { look, weight: (counted.get(key)?.weight ?? 0) + 1 });
  }
  return [...counted.values()];
};

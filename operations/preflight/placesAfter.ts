import { type ComingPool, greenLike, restingNode, type WrittenNode } from "../../core/drain/greenNodes";
import {
  type After,
  handWrittenBy,
  hasPlace,
  objectionOf,
  strandedBy,
  type Wishes,
} from "../../core/drain/stranded";
import { LABEL } from "../../core/identity/names";
import type { Problem } from "../../core/problem";
import type { PoolSpec } from "../../core/config";
import {
  collectionPath,
  KINDS,
  type KubeClient,
  listProjected,
  type NodeView,
  type PodView,
  projectPod,
} from "../../kube";
import type { Findings } from "../ports";
import { isOutage } from "./outage";

interface Wanted {
  readonly pools: readonly PoolSpec[];
  readonly generations: Readonly<Record<string, string>>;
}

interface Cluster {
  readonly kube: KubeClient;
  /** All of them, as just listed. */
  readonly nodes: Promise<readonly NodeView[]>;
}

const NOTHING: Findings = { blockers: [], warnings: [] };

/**
 * Workloads on nodes that go which no node there will be could take: their migration would stand still with green made
 * and blue closed. Judged by what is written on pods and nodes; room and volumes are the drain's own matter.
 */
export const checkPlacesAfter = async (
  { kube, nodes: listed }: Cluster,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Findings> => {
  try {
    const nodes = (await listed).map(node => ({
      node,
      pool: leavingPool(node, wanted),
    }));
    if (nodes.every(({ pool }) => pool === undefined)) return NOTHING;
    const pods = await listMovers(kube, signal);
    const leaving = wanted.pools.flatMap(pool => judgePool({ pool, nodes, pods, wanted }));
    return {
      blockers: leaving.flatMap(({ blockers }) => blockers),
      warnings: leaving.flatMap(({ warnings }) => warnings),
    };
  } catch (error) {
    if (isOutage(error)) return { blockers: [], warnings: [notLooked(error)] };
    throw error;
  }
};

/** The pool that a node leaves: of another generation than is wanted, or of a pool that is given up. */
const leavingPool = ({ labels }: NodeView, { pools, generations }: Wanted): PoolSpec | undefined => {
  const pool = pools.find(({ name }) => name === labels[LABEL.pool]);
  const generation = labels[LABEL.generation];
  if (pool === undefined || pool.hold || generation === undefined) return undefined;
  return pool.remove || generations[pool.name] !== generation ? pool : undefined;
};

interface Standing {
  readonly node: NodeView;
  readonly pool: PoolSpec | undefined;
}

interface Judged {
  readonly pool: PoolSpec;
  readonly nodes: readonly Standing[];
  readonly pods: readonly PodView[];
  readonly wanted: Wanted;
}

const judgePool = ({ pool, nodes, pods, wanted }: Judged): readonly Findings[] => {
  const blue = new Map(nodes.filter(standing => standing.pool === pool).map(({ node }) => [node.name, node]));
  const movers = wishesOf(pods.filter(({ node }) => node !== undefined && blue.has(node)));
  const reasons = { blockers: new Map<string, string[]>(), warnings: new Map<string, string[]>() };
  const sure = nodesAfter(nodes, wanted, { withHand: true });
  const strict = nodesAfter(nodes, wanted, { withHand: false });
  for (const wishes of movers) {
    const own = (withHand: boolean): WrittenNode | undefined =>
      greenOf(blue.get(wishes.node), pool, { wanted, withHand });
    if (!hasPlace(wishes, { nodes: sure })) add(reasons.blockers, objectionOf(wishes, own(true)), wishes);
    else if (!hasPlace(wishes, { nodes: strict }))
      add(reasons.warnings, objectionOf(wishes, own(false)), wishes);
  }
  const about: Pick<After, "pool" | "removed"> = { pool: pool.name, removed: pool.remove };
  return [
    { blockers: strandedBy(reasons.blockers, about), warnings: handWrittenBy(reasons.warnings, about) },
  ];
};

const add = (reasons: Map<string, string[]>, reason: string, { workload }: Wishes): void => {
  const named = reasons.get(reason) ?? [];
  if (!named.includes(workload)) named.push(workload);
  reasons.set(reason, named);
};

const nodesAfter = (
  nodes: readonly Standing[],
  wanted: Wanted,
  { withHand }: { readonly withHand: boolean },
): readonly WrittenNode[] => {
  const after = nodes.map(({ node, pool }) =>
    pool === undefined ? restingNode(node) : greenOf(node, pool, { wanted, withHand }),
  );
  return alike(after.filter(node => node !== undefined));
};

const greenOf = (
  node: NodeView | undefined,
  pool: PoolSpec,
  { wanted, withHand }: { readonly wanted: Wanted; readonly withHand: boolean },
): WrittenNode | undefined => {
  const generation = wanted.generations[pool.name];
  if (node === undefined || pool.remove || generation === undefined) return undefined;
  const { name, machine, labels, taints } = pool;
  const coming: ComingPool = { name, generation, machine, labels, taints: taints.map(readTaint) };
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

/** Pods that something makes again elsewhere when they are evicted, and that are meant to run on. */
const isMover = ({ owner, mirror, phase }: PodView): boolean =>
  owner !== undefined &&
  !mirror &&
  !["DaemonSet", "Job", "Node"].includes(owner.kind) &&
  (phase === "Running" || phase === "Pending");

const listMovers = async (kube: KubeClient, signal: AbortSignal): Promise<readonly PodView[]> => {
  const call = { path: collectionPath(KINDS.pods), project: projectPod, signal };
  return (await listProjected(kube, call)).items.filter(isMover);
};

/** One of each workload and shape: which of its nodes a pod is on changes only the words. */
const wishesOf = (pods: readonly PodView[]): readonly Wishes[] => {
  const seen = new Map<string, Wishes>();
  for (const { namespace, owner, node, nodeSelector, affinity, tolerations } of pods) {
    const workload = `${namespace}/${owner?.name ?? ""}`;
    const wishes = { workload, node: node ?? "", nodeSelector, affinity, tolerations };
    seen.set(JSON.stringify([workload, nodeSelector, affinity, tolerations]), wishes);
  }
  return [...seen.values()];
};

const notLooked = (error: Error): Problem => ({
  code: "Preflight.PlacesNotChecked",
  path: "pools",
  message: `whether every workload finds a node afterwards was not checked: ${error.message}`,
  fix: "run the preview again; the migration itself moves nothing that has no place",
});

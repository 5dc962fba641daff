import { type ComingPool, greenLike, restingNode, type WrittenNode } from "../../core/drain/greenNodes";
import {
  type After,
  type BoundVolume,
  handWrittenBy,
  hasPlace,
  objectionOf,
  strandedBy,
  type Wishes,
} from "../../core/drain/stranded";
import { LABEL } from "../../core/identity/names";
import type { Problem } from "../../core/problem";
import { type ClusterSpec, cloudWrites, type PoolSpec } from "../../core/config";
import {
  collectionPath,
  KINDS,
  type KubeClient,
  listProjected,
  type NodeView,
  type PodView,
  projectPod,
  projectVolume,
} from "../../kube";
import type { Findings } from "../ports";
import { isOutage } from "./outage";

interface Wanted {
  readonly cluster: Pick<ClusterSpec, "cloud">;
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
 * and blue closed. Judged by what is written on pods, volumes and nodes; room is the drain's own matter.
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
    const volumes = await boundVolumes(kube, pods, signal);
    const after = {
      sure: nodesAfter(nodes, wanted, { withHand: true }),
      strict: nodesAfter(nodes, wanted, { withHand: false }),
    };
    const leaving = wanted.pools.flatMap(pool => judgePool({ pool, nodes, after, pods, volumes, wanted }));
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
  /** The nodes there will be, where labels written by hand are taken to stay, and where not. */
  readonly after: Readonly<Record<"sure" | "strict", readonly WrittenNode[]>>;
  readonly pods: readonly PodView[];
  readonly volumes: Volumes;
  readonly wanted: Wanted;
}

const judgePool = ({ pool, nodes, after, pods, volumes, wanted }: Judged): readonly Findings[] => {
  const blue = new Map(nodes.filter(standing => standing.pool === pool).map(({ node }) => [node.name, node]));
  const leaving = pods.filter(({ node }) => node !== undefined && blue.has(node));
  const movers = wishesOf(leaving, volumes);
  const reasons = { blockers: new Map<string, string[]>(), warnings: new Map<string, string[]>() };
  for (const wishes of movers) {
    const own = (withHand: boolean): WrittenNode | undefined =>
      nearest(blue.get(wishes.node), greenOf(blue.get(wishes.node), pool, { wanted, withHand }));
    if (!hasPlace(wishes, { nodes: after.sure }))
      add(reasons.blockers, objectionOf(wishes, own(true)), wishes);
    else if (!hasPlace(wishes, { nodes: after.strict }))
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

const ZONE = "topology.kubernetes.io/zone";

/** What comes for a node is told by the one in its own zone, where there will be one. */
const nearest = (node: NodeView | undefined, green: readonly WrittenNode[]): WrittenNode | undefined =>
  green.find(({ labels }) => labels[ZONE] === node?.labels[ZONE]) ?? green[0];

const greenOf = (
  node: NodeView | undefined,
  pool: PoolSpec,
  { wanted, withHand }: { readonly wanted: Wanted; readonly withHand: boolean },
): readonly WrittenNode[] => {
  const generation = wanted.generations[pool.name];
  if (node === undefined || pool.remove || generation === undefined) return [];
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

/** By claim; those on one node's own disk are the drain's matter. */
type Volumes = ReadonlyMap<string, BoundVolume>;

const boundVolumes = async (
  kube: KubeClient,
  pods: readonly PodView[],
  signal: AbortSignal,
): Promise<Volumes> => {
  if (pods.every(({ volumes }) => volumes.claims.length === 0)) return new Map();
  const call = { path: collectionPath(KINDS.volumes), project: projectVolume, signal };
  const { items } = await listProjected(kube, call);
  const placed = items.flatMap(({ claim, terms, local }) =>
    claim === undefined || terms === undefined || local ? [] : [{ claim, terms }],
  );
  return new Map(placed.map(volume => [volume.claim, volume]));
};

/** One of each workload and shape: which of its nodes a pod is on changes only the words. */
const wishesOf = (pods: readonly PodView[], volumes: Volumes): readonly Wishes[] => {
  const seen = new Map<string, Wishes>();
  for (const pod of pods) {
    const { namespace, owner, node, nodeSelector, affinity, tolerations } = pod;
    const workload = `${namespace}/${owner?.name ?? ""}`;
    const bound = pod.volumes.claims.flatMap(claim => volumes.get(`${namespace}/${claim}`) ?? []);
    const terms = bound.map(volume => volume.terms);
    const wishes = { workload, node: node ?? "", nodeSelector, affinity, tolerations, volumes: bound };
    seen.set(JSON.stringify([workload, nodeSelector, affinity, tolerations, terms]), wishes);
  }
  return [...seen.values()];
};

const notLooked = (error: Error): Problem => ({
  code: "Preflight.PlacesNotChecked",
  path: "pools",
  message: `whether every workload finds a node afterwards was not checked: ${error.message}`,
  fix: "run the preview again; the migration itself moves nothing that has no place",
});

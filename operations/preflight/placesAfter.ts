import type { WrittenNode } from "../../core/drain/greenNodes";
import {
  type After,
  handWrittenBy,
  hasPlace,
  objectionOf,
  strandedBy,
  type Wishes,
} from "../../core/drain/stranded";
import type { Problem } from "../../core/problem";
import type { PoolSpec } from "../../core/config";
import type { KubeClient, NodeView, PodView } from "../../kube";
import type { Findings } from "../ports";
import { byClaim, isMover, listPods, listVolumes, wishesOf } from "./movers";
import { greenOf, leavingPool, nodesAfter, type Wanted } from "./nodesAfter";
import { isOutage } from "./outage";
import { checkVolumeRoom, type Mover } from "./volumeRoom";

interface Cluster {
  readonly kube: KubeClient;
  /** All of them, as just listed. */
  readonly nodes: Promise<readonly NodeView[]>;
}

const NOTHING: Findings = { blockers: [], warnings: [] };

/**
 * Workloads on nodes that go which no node there will be could take, or whose volumes are more than all nodes may have:
 * their migration would stand still with green made and blue closed. Other room is the drain's own matter.
 */
export const checkPlacesAfter = async (
  { kube, nodes: listed }: Cluster,
  wanted: Wanted,
  signal: AbortSignal,
): Promise<Findings> => {
  try {
    const nodes = (await listed).map(node => ({ node, pool: leavingPool(node, wanted) }));
    if (nodes.every(({ pool }) => pool === undefined)) return NOTHING;
    const pods = await listPods(kube, signal);
    const volumes = await listVolumes(kube, pods, signal);
    const leaving = nodes.flatMap(({ node, pool }) =>
      pool === undefined ? [] : [[node.name, { node, pool }] as const],
    );
    const movers = findMovers(pods, { blue: new Map(leaving), claims: byClaim(volumes) });
    const room = await checkVolumeRoom(kube, { nodes, wanted, pods, movers, volumes }, signal);
    const after = {
      sure: nodesAfter(nodes, wanted, { withHand: true }),
      strict: nodesAfter(nodes, wanted, { withHand: false }),
    };
    const places = wanted.pools.map(pool =>
      judgePool(pool, { movers: movers.filter(mover => mover.pool === pool), after, wanted }),
    );
    const found = [...places, room];
    return {
      blockers: found.flatMap(({ blockers }) => blockers),
      warnings: found.flatMap(({ warnings }) => warnings),
    };
  } catch (error) {
    if (isOutage(error)) return { blockers: [], warnings: [notLooked(error)] };
    throw error;
  }
};

interface Around {
  readonly blue: ReadonlyMap<string, { readonly node: NodeView; readonly pool: PoolSpec }>;
  readonly claims: ReturnType<typeof byClaim>;
}

const findMovers = (pods: readonly PodView[], { blue, claims }: Around): readonly Mover[] =>
  pods.filter(isMover).flatMap(pod => {
    const from = blue.get(pod.node ?? "");
    return from === undefined ? [] : [{ ...from, pod, wishes: wishesOf(pod, claims) }];
  });

interface Judged {
  readonly movers: readonly Mover[];
  /** The nodes there will be, where labels written by hand are taken to stay, and where not. */
  readonly after: Readonly<Record<"sure" | "strict", readonly WrittenNode[]>>;
  readonly wanted: Wanted;
}

const judgePool = (pool: PoolSpec, { movers, after, wanted }: Judged): Findings => {
  const reasons = { blockers: new Map<string, string[]>(), warnings: new Map<string, string[]>() };
  for (const { node, wishes } of oneOfEach(movers)) {
    const own = (withHand: boolean): WrittenNode | undefined =>
      nearest(node, greenOf(node, pool, { wanted, withHand }));
    if (!hasPlace(wishes, { nodes: after.sure }))
      add(reasons.blockers, objectionOf(wishes, own(true)), wishes);
    else if (!hasPlace(wishes, { nodes: after.strict }))
      add(reasons.warnings, objectionOf(wishes, own(false)), wishes);
  }
  const about: Pick<After, "pool" | "removed"> = { pool: pool.name, removed: pool.remove };
  return { blockers: strandedBy(reasons.blockers, about), warnings: handWrittenBy(reasons.warnings, about) };
};

/** One of each workload and shape: which of its nodes a pod is on changes only the words. */
const oneOfEach = (movers: readonly Mover[]): readonly Mover[] => {
  const shapeOf = ({ wishes }: Mover): string => {
    const { workload, nodeSelector, affinity, tolerations, volumes } = wishes;
    return JSON.stringify([workload, nodeSelector, affinity, tolerations, volumes.map(({ terms }) => terms)]);
  };
  return [...new Map(movers.map(mover => [shapeOf(mover), mover])).values()];
};

const add = (reasons: Map<string, string[]>, reason: string, { workload }: Wishes): void => {
  const named = reasons.get(reason) ?? [];
  if (!named.includes(workload)) named.push(workload);
  reasons.set(reason, named);
};

const ZONE = "topology.kubernetes.io/zone";

/** What comes for a node is told by the one in its own zone, where there will be one. */
const nearest = (node: NodeView, green: readonly WrittenNode[]): WrittenNode | undefined =>
  green.find(({ labels }) => labels[ZONE] === node.labels[ZONE]) ?? green[0];

const notLooked = (error: Error): Problem => ({
  code: "Preflight.PlacesNotChecked",
  path: "pools",
  message: `whether every workload finds a node afterwards was not checked: ${error.message}`,
  fix: "run the preview again; the migration itself moves nothing that has no place",
});

import { type CapacityProof, proveCapacity as prove } from "../../core/drain/capacity";
import { judgePod } from "../../core/drain/filters";
import type { Amounts, PlacedPod, PlaceNode } from "../../core/drain/placement";
import { TAINT } from "../../core/identity/names";
import {
  collectionPath,
  KINDS,
  type KubeClient,
  listProjected,
  type NodeView,
  type PodView,
  projectNode,
  projectPod,
  type Resources,
} from "../../kube";
import { readPodFact } from "./facts";

export type { CapacityProof } from "../../core/drain/capacity";

export interface CapacityWanted {
  /** Nodes that are to be emptied, of all pools together. */
  readonly leaving: readonly string[];
  readonly signal?: AbortSignal;
  /** Taints that will be lifted before anything moves. */
  readonly ignoreTaints?: readonly string[];
}

interface Seen {
  readonly view: PodView;
  readonly placed: PlacedPod;
  readonly moves: boolean;
}

const amountsOf = ({ cpuMillis, memoryBytes, other }: Resources): Amounts => ({
  ...other,
  cpu: cpuMillis,
  memory: memoryBytes,
});

const JUDGING = { now: 0, cordon: false, rules: { force: true, deleteEmptyDirData: true } };

const readPod = (raw: unknown): Seen => {
  const view = projectPod(raw);
  const claims = (raw as { spec?: { resourceClaims?: readonly unknown[] } }).spec?.resourceClaims ?? [];
  const verdict = judgePod(readPodFact(raw), JUDGING);
  return {
    view,
    moves: verdict.kind === "move",
    placed: {
      ...view,
      requests: { ...amountsOf(view.requests), pods: 1 },
      claims: view.volumes.claims,
      devices: claims.length > 0,
    },
  };
};

const placeOf = (node: NodeView, ignored: readonly string[]): PlaceNode => ({
  name: node.name,
  labels: node.labels,
  taints: node.taints.filter(({ key }) => !ignored.includes(key)),
  allocatable: amountsOf(node.allocatable),
});

/** Ready, schedulable, and not being left itself. */
const canTake = (node: NodeView, leaving: ReadonlySet<string>): boolean =>
  node.ready &&
  !node.unschedulable &&
  !leaving.has(node.name) &&
  !node.taints.some(({ key }) => key === TAINT.leaving.key);

const isRunning = ({ view }: Seen): boolean => view.phase !== "Succeeded" && view.phase !== "Failed";

/** What must find room: the pods on leaving nodes, and those that already wait for any. */
const mustFindRoom = (pod: Seen, leaving: ReadonlySet<string>): boolean =>
  pod.moves && (pod.view.node === undefined || leaving.has(pod.view.node));

/** Reads the cluster and asks: may these nodes go? Changes nothing. */
export const proveCapacity = async (kube: KubeClient, wanted: CapacityWanted): Promise<CapacityProof> => {
  const { signal, ignoreTaints = [] } = wanted;
  const [nodes, pods] = await Promise.all([
    listProjected(kube, { path: collectionPath(KINDS.nodes), project: projectNode, signal }),
    listProjected(kube, { path: collectionPath(KINDS.pods), project: readPod, signal }),
  ]);
  const leaving = new Set(wanted.leaving);
  const running = pods.items.filter(isRunning);
  const byNode = Map.groupBy(running, pod => pod.view.node ?? "");
  return prove({
    pods: running.filter(pod => mustFindRoom(pod, leaving)).map(pod => pod.placed),
    nodes: nodes.items
      .filter(node => canTake(node, leaving))
      .map(node => ({
        ...placeOf(node, ignoreTaints),
        occupants: (byNode.get(node.name) ?? []).map(pod => pod.placed),
      })),
  });
};

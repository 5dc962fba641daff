import { type CapacityNode, type CapacityProof, proveCapacity as prove } from "../../core/drain/capacity";
import { UNSCHEDULABLE_TAINT } from "../../core/drain/filters";
import type { PlacedPod } from "../../core/drain/placement";
import { LABEL, TAINT } from "../../core/identity/names";
import type { KubeClient, NodeView, PodView } from "../../kube";
import { podFactOf } from "./facts";
import { hasToMove } from "./hasToMove";
import { allocatableOf, placedPod, type Places, readPlaces } from "./places";

export type { CapacityProof } from "../../core/drain/capacity";

export interface CapacityWanted {
  /** Nodes that are to be emptied, of all pools together. */
  readonly leaving: readonly string[];
  readonly signal?: AbortSignal;
  /** Generation → nodes that it still gains, each like one that it has. */
  readonly growth?: Readonly<Record<string, number>>;
  /** Taints that will be lifted before anything moves. */
  readonly ignoreTaints?: readonly string[];
}

interface Seen {
  readonly view: PodView;
  readonly placed: PlacedPod;
  readonly moves: boolean;
}

const seePod = (view: PodView, places: Places): Seen => ({
  view,
  placed: placedPod(view, places),
  moves: hasToMove(podFactOf(view)),
});

/** Ready, schedulable, and not being left itself. */
export const canTake = (node: NodeView): boolean =>
  node.ready && !node.unschedulable && !node.taints.some(({ key }) => key === TAINT.leaving.key);

const isRunning = ({ view }: Seen): boolean => view.phase !== "Succeeded" && view.phase !== "Failed";

interface Survey {
  readonly places: Places;
  readonly running: readonly Seen[];
  readonly leaving: ReadonlySet<string>;
}

/** What must find room: the pods on leaving nodes, and those that already wait for any. */
const mustFindRoom = ({ moves, view }: Seen, leaving: ReadonlySet<string>): boolean =>
  moves && (view.node === undefined || leaving.has(view.node));

type ReadNode = (node: NodeView) => CapacityNode;

const nodeReader = ({ places, running, leaving }: Survey, ignored: readonly string[]): ReadNode => {
  const byNode = Map.groupBy(running, pod => pod.view.node ?? "");
  return node => {
    const goes = leaving.has(node.name);
    const occupants = (byNode.get(node.name) ?? []).filter(pod => !goes || pod.moves);
    return {
      name: node.name,
      labels: node.labels,
      taints: [
        ...node.taints.filter(({ key }) => !ignored.includes(key)),
        ...(goes ? [UNSCHEDULABLE_TAINT] : []),
      ],
      allocatable: allocatableOf(node, places),
      occupants: occupants.map(pod => pod.placed),
    };
  };
};

const HOSTNAME = "kubernetes.io/hostname";

/** Nodes that are still to come: copies of those of their generation, with what runs on every such node. */
const nodesToCome = (
  nodes: readonly NodeView[],
  { running }: Survey,
  { growth = {}, read }: Pick<CapacityWanted, "growth"> & { readonly read: ReadNode },
): readonly CapacityNode[] => {
  const whatStays = ({ name }: NodeView): readonly PlacedPod[] =>
    running.filter(({ view, moves }) => view.node === name && !moves).map(({ placed }) => placed);
  return Object.entries(growth).flatMap(([generation, count]) => {
    const models = nodes
      .filter(node => node.labels[LABEL.generation] === generation)
      .map(node => ({ ...read(node), occupants: whatStays(node) }));
    return Array.from({ length: models.length === 0 ? 0 : count }, (_, index) => {
      const model = models[index % models.length] as CapacityNode;
      const name = `${generation} + ${index + 1}`;
      return { ...model, name, labels: { ...model.labels, [HOSTNAME]: name } };
    });
  });
};

/** Reads the cluster and asks: may these nodes go? Changes nothing. */
export const proveCapacity = async (kube: KubeClient, wanted: CapacityWanted): Promise<CapacityProof> => {
  const places = await readPlaces(kube, wanted.signal);
  const leaving = new Set(wanted.leaving);
  const running = places.pods.map(view => seePod(view, places)).filter(isRunning);
  const survey = { places, running, leaving };
  const read = nodeReader(survey, wanted.ignoreTaints ?? []);
  const staying = places.nodes.filter(node => !leaving.has(node.name));
  const takers = staying.filter(canTake);
  return prove({
    pods: running.filter(pod => mustFindRoom(pod, leaving)).map(pod => pod.placed),
    nodes: [...takers.map(read), ...nodesToCome(takers, survey, { ...wanted, read })],
    bystanders: staying.filter(node => !canTake(node)).map(read),
    leaving: places.nodes.filter(node => leaving.has(node.name)).map(read),
  });
};

/**
 * Turns what the watch says into findings. No clock, no network: the same words in the same order give the same verdict.
 * Words must come in the order of their resourceVersion, or a scale-down looks like a disruption.
 */
import { judgeFloor, noFloors, readyOf } from "./floors";
import type { Floors } from "./floors";
import type { AuditLine, Cause, Fall, NodeLoss, WrongEviction } from "./format";
import { arrive, depart, noMoves } from "./moves";
import type { Moves } from "./moves";
import type { Node, Pod } from "./objects";
import { describeNodeChange, describePodChanges } from "./story";
import { counts, subjectsOf } from "./subjects";
import type { Subject } from "./subjects";
import { emptyWorld, podName, setBudget, setNode, setPod, setWorkload, workloadOf } from "./world";
import type { Change, Seen, World } from "./world";

export interface Case {
  readonly world: World;
  readonly subjects: Map<string, readonly Subject[]>;
  readonly floors: Floors;
  readonly moves: Moves;
  readonly wrongEvictions: WrongEviction[];
  readonly nodeLosses: NodeLoss[];
  /** False during the first listing, which only fills the picture. */
  begun: boolean;
}

export const openCase = (): Case => ({
  world: emptyWorld(),
  subjects: new Map(),
  floors: noFloors(),
  moves: noMoves(),
  wrongEvictions: [],
  nodeLosses: [],
  begun: false,
});

/** The word with which a pod starts to leave: its deletion mark, or its end when it had none. */
const leavesNow = ({ before, after }: Change<Pod>): boolean =>
  before?.leaving === false && (after === undefined || after.leaving);

const causeOf = ({ before, after, last }: Change<Pod>): Cause => {
  if (after === undefined || after.leaving) return last.cause ?? "deleted";
  return before?.ready === after.ready ? "relabelled" : "unready";
};

const isMovable = (pod: Pod): boolean =>
  !pod.finished && pod.owner?.kind !== "DaemonSet" && pod.owner?.kind !== "Node";

const recount = ({ world, subjects, floors }: Case, namespace: string, at: number): readonly AuditLine[] => {
  const fresh = subjectsOf(world, namespace);
  subjects.set(namespace, fresh);
  const pods = [...world.pods.values()].filter(pod => pod.namespace === namespace);
  const readyIn = (subject: Subject): number => pods.filter(pod => counts(subject, pod)).length;
  return fresh.flatMap(subject => judgeFloor(floors, { subject, ready: readyIn(subject) }, { at }));
};

const judgeCounts = ({ subjects, floors }: Case, change: Change<Pod>, at: number): readonly AuditLine[] =>
  (subjects.get(change.last.namespace) ?? []).flatMap(subject => {
    const step = Number(counts(subject, change.after)) - Number(counts(subject, change.before));
    const fall: Fall = { pod: podName(change.last), cause: causeOf(change), at };
    const ready = readyOf(floors, subject) + step;
    return judgeFloor(floors, { subject, ready }, { at, ...(step < 0 && { fall }) });
  });

const judgeEviction = ({ world, wrongEvictions }: Case, pod: Pod, at: number): readonly AuditLine[] => {
  const node = pod.node === undefined ? undefined : world.nodes.get(pod.node);
  const daemon = pod.owner?.kind === "DaemonSet";
  if (pod.cause !== "evicted" || node === undefined || (node.leaving && !daemon)) return [];
  const why = daemon ? "daemon" : "nodeNotLeaving";
  const wrongEviction: WrongEviction = { at, pod: podName(pod), node: node.name, why };
  wrongEvictions.push(wrongEviction);
  return [{ kind: "wrongEviction", at, wrongEviction }];
};

const judgeDeparture = (open: Case, change: Change<Pod>, at: number): readonly AuditLine[] => {
  const pod = change.last;
  if (change.before?.finished === true) return [];
  const doubleMove = depart(open.moves, {
    uid: pod.uid,
    pod: podName(pod),
    workload: workloadOf(open.world, pod),
    cause: causeOf(change),
    wasBound: change.before?.node !== undefined,
    at,
  });
  const found: readonly AuditLine[] =
    doubleMove === undefined ? [] : [{ kind: "doubleMove", at, doubleMove }];
  return [...judgeEviction(open, pod, at), ...found];
};

const judgePod = (open: Case, change: Change<Pod>, at: number): readonly AuditLine[] => {
  const { before, last } = change;
  const workload = workloadOf(open.world, last);
  const story = describePodChanges(change, workload, at);
  if (!open.begun) return story;
  if (before === undefined) arrive(open.moves, { uid: last.uid, pod: podName(last), workload });
  const departure = leavesNow(change) ? judgeDeparture(open, change, at) : [];
  return [...story, ...judgeCounts(open, change, at), ...departure];
};

const judgeNode = (open: Case, change: Change<Node>, at: number): readonly AuditLine[] => {
  const story = describeNodeChange(change, at);
  const node = change.last.name;
  const left = [...open.world.pods.values()].filter(pod => pod.node === node && isMovable(pod));
  if (change.after !== undefined || left.length === 0) return story;
  const nodeLoss = { at, node, pods: left.map(podName).sort() };
  open.nodeLosses.push(nodeLoss);
  return [...story, { kind: "nodeLoss", at, nodeLoss }];
};

const judgeSpec = (open: Case, seen: Seen): readonly AuditLine[] => {
  const isBudget = seen.resource === "poddisruptionbudgets";
  const changed = isBudget ? setBudget(open.world, seen) : setWorkload(open.world, seen);
  return open.begun && changed ? recount(open, seen.raw.metadata.namespace ?? "", seen.at) : [];
};

export const observe = (open: Case, seen: Seen): readonly AuditLine[] => {
  if (seen.resource === "pods") return judgePod(open, setPod(open.world, seen), seen.at);
  if (seen.resource === "nodes") return judgeNode(open, setNode(open.world, seen), seen.at);
  return judgeSpec(open, seen);
};

/** Ends the first listing: from here on a fall counts. */
export const begin = (open: Case, at: number): readonly AuditLine[] => {
  open.begun = true;
  const { workloads, budgets, pods } = open.world;
  const objects = [...workloads.values(), ...budgets.values(), ...pods.values()];
  return [...new Set(objects.map(one => one.namespace))]
    .sort()
    .flatMap(namespace => recount(open, namespace, at));
};

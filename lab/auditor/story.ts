/** The part of the journal that tells where each pod was and when: what a timeline is drawn from. Judges nothing. */
import type { AuditLine, NodeLine, PodLine } from "./format";
import type { Node, Pod } from "./objects";
import { podName } from "./world";
import type { Change } from "./world";

const placing = ({ before }: Change<Pod>, after: Pod): readonly PodLine["change"][] => [
  ...(before === undefined ? (["created"] as const) : []),
  ...(after.node !== undefined && before?.node === undefined ? (["bound"] as const) : []),
];

const serving = ({ before }: Change<Pod>, after: Pod): readonly PodLine["change"][] => {
  if (after.leaving) return before?.leaving === true ? [] : ["leaving"];
  if (after.ready === (before?.ready ?? false)) return [];
  return [after.ready ? "ready" : "unready"];
};

const changesOf = (change: Change<Pod>): readonly PodLine["change"][] => {
  if (change.after === undefined) return change.before === undefined ? [] : ["gone"];
  return [...placing(change, change.after), ...serving(change, change.after)];
};

export const describePodChanges = (
  change: Change<Pod>,
  workload: string,
  at: number,
): readonly AuditLine[] => {
  const { last } = change;
  return changesOf(change).map(kind => ({
    kind: "pod",
    at,
    change: kind,
    pod: podName(last),
    workload,
    ...(last.node === undefined ? {} : { node: last.node }),
    ...(last.cause === undefined ? {} : { cause: last.cause }),
  }));
};

const differs = (before: Node, after: Node): boolean =>
  before.leaving !== after.leaving ||
  before.ready !== after.ready ||
  before.generation !== after.generation ||
  before.kubelet !== after.kubelet;

const nodeChange = ({ before, after }: Change<Node>): NodeLine["change"] | undefined => {
  if (after === undefined) return "gone";
  if (before === undefined) return "joined";
  return differs(before, after) ? "changed" : undefined;
};

export const describeNodeChange = (change: Change<Node>, at: number): readonly AuditLine[] => {
  const kind = nodeChange(change);
  const { name, kubelet, generation, leaving, ready } = change.last;
  if (kind === undefined) return [];
  return [
    {
      kind: "node",
      at,
      change: kind,
      node: name,
      kubelet,
      leaving,
      ready,
      ...(generation === undefined ? {} : { generation }),
    },
  ];
};

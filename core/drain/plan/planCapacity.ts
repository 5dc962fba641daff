import { type CapacityNode, type CapacityProof, proveCapacity } from "../capacity";
import { TAINT } from "../../identity/names";
import { UNSCHEDULABLE_TAINT } from "../filters";
import type { PlacedPod } from "../placement";
import { isSelected, type NodeSelector } from "../scope";
import { fullName } from "../world";
import type { PlanFacts, PlanNode, PlanPod, PlanRequest } from "./planFacts";
import type { PlanScope } from "./planScope";

export interface CapacityFindings {
  /** Against the nodes that are meant to take the pods. */
  readonly capacity: CapacityProof;
  /** Against every node that can take pods; the same where none are named. */
  readonly anywhere: CapacityProof;
  /** Pods that found no node before either, `namespace/name`. */
  readonly pending: readonly string[];
  /** Pods without a place that the scheduler would make room for at the cost of others, `namespace/name`. */
  readonly preemptors: readonly string[];
}

/** Ready, schedulable, and not being left by another run. */
export const canTake = (node: PlanNode, names: ReadonlySet<string>): boolean =>
  node.ready &&
  !node.cordoned &&
  !names.has(node.name) &&
  !node.taints.some(({ key }) => key === TAINT.leaving.key);

const isLive = ({ phase }: PlanPod): boolean => phase !== "Succeeded" && phase !== "Failed";

const occupantsOf = (facts: PlanFacts): ((node: PlanNode) => readonly PlacedPod[]) => {
  const byNode = Map.groupBy(facts.pods.filter(isLive), pod => pod.node ?? "");
  return ({ name }) => (byNode.get(name) ?? []).map(pod => pod.placed);
};

const isUnbound = (pod: PlanPod): boolean =>
  pod.node === undefined && isLive(pod) && pod.deletingSince === undefined;

interface Question {
  readonly pods: readonly PlacedPod[];
  readonly stay: readonly CapacityNode[];
  readonly leaving: readonly CapacityNode[];
}

const ask = ({ pods, stay, leaving }: Question, takes: (node: CapacityNode) => boolean): CapacityProof =>
  proveCapacity({
    pods,
    nodes: stay.filter(takes),
    bystanders: stay.filter(node => !takes(node)),
    leaving,
  });

const questionOf = (facts: PlanFacts, scope: PlanScope, moving: readonly PlanPod[]): Question => {
  const occupants = occupantsOf(facts);
  const movers = new Set(moving.map(pod => pod.placed));
  const stay = facts.nodes.filter(node => !scope.names.has(node.name));
  const cordon = scope.context.cordon ? [UNSCHEDULABLE_TAINT] : [];
  const unbound = facts.pods.filter(pod => isUnbound(pod) && pod.unschedulable === undefined);
  return {
    pods: [...moving, ...unbound].map(pod => pod.placed),
    stay: stay.map(node => ({ ...node, occupants: occupants(node) })),
    leaving: scope.blue.map(node => ({
      ...node,
      taints: [...node.taints, ...cordon],
      occupants: occupants(node).filter(pod => movers.has(pod)),
    })),
  };
};

/** What stands on nodes that take pods can be pushed out by pods of higher priority. */
const preemptorsOf = (
  facts: PlanFacts,
  takers: ReadonlySet<string>,
  homeless: readonly string[],
): readonly string[] => {
  const names = new Set(homeless);
  const priorities = facts.pods
    .filter(pod => isLive(pod) && pod.node !== undefined && takers.has(pod.node))
    .map(({ priority }) => priority);
  const lowest = priorities.reduce((a, b) => Math.min(a, b), Infinity);
  return facts.pods
    .filter(pod => names.has(fullName(pod)) && pod.preempts && pod.priority > lowest)
    .map(fullName);
};

const unservedBefore = (facts: PlanFacts): readonly string[] =>
  facts.pods.filter(pod => isUnbound(pod) && pod.unschedulable !== undefined).map(fullName);

/** Whether the pods that move find room. Pods that the scheduler has given up on already are nobody's fault here. */
export const planCapacity = (
  facts: PlanFacts,
  { to }: Pick<PlanRequest, "to">,
  { scope, moving }: { readonly scope: PlanScope; readonly moving: readonly PlanPod[] },
): CapacityFindings => {
  const takers = new Set(facts.nodes.filter(node => canTake(node, scope.names)).map(({ name }) => name));
  const question = questionOf(facts, scope, moving);
  const prove = (target: NodeSelector | undefined): CapacityProof =>
    ask(question, node => takers.has(node.name) && (target === undefined || isSelected(node, target)));
  const capacity = prove(to);
  const anywhere = to === undefined || capacity.verdict === "FITS" ? capacity : prove(undefined);
  return {
    capacity,
    anywhere,
    pending: unservedBefore(facts),
    preemptors: preemptorsOf(facts, takers, anywhere.homeless ?? []),
  };
};

import type { Taint, Toleration } from "./facts";
import {
  isKnownSelector,
  type LabelExpression,
  type Labels,
  type LabelSelector,
  matchesExpression,
  matchesLabels,
} from "./labels";
import { repellingTaints } from "./tolerations";

/** Amounts by resource name: cpu in millicores, memory in bytes, everything else in its own unit; `pods` is the seat. */
export type Amounts = Readonly<Record<string, number>>;

export interface HostPort {
  readonly port: number;
  readonly protocol: string;
  readonly ip: string;
}

/** What decides where a pod may run. */
export interface PlacedPod {
  readonly namespace: string;
  readonly name: string;
  readonly labels: Labels;
  readonly requests: Amounts;
  readonly tolerations: readonly Toleration[];
  readonly nodeSelector: Labels;
  /** `spec.affinity`, as written. */
  readonly affinity: unknown;
  readonly topologySpread: readonly unknown[];
  readonly hostPorts: readonly HostPort[];
  /** Persistent volume claims. */
  readonly claims: readonly string[];
  readonly schedulerName: string;
  /** Dynamic resource claims. */
  readonly devices: boolean;
}

export interface PlaceNode {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly allocatable: Amounts;
}

interface SelectorTerm {
  readonly matchExpressions?: readonly LabelExpression[];
  readonly matchFields?: readonly LabelExpression[];
}

interface AffinityTerm {
  readonly topologyKey?: string;
  readonly labelSelector?: LabelSelector;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: unknown;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly SelectorTerm[];
    };
  };
  readonly podAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly AffinityTerm[];
  };
  readonly podAntiAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly AffinityTerm[];
  };
}

const affinityOf = (pod: PlacedPod): Affinity => pod.affinity ?? {};

const nodeTerms = (pod: PlacedPod): readonly SelectorTerm[] | undefined =>
  affinityOf(pod).nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;

const antiTerms = (pod: PlacedPod): readonly AffinityTerm[] =>
  affinityOf(pod).podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

const HOST = "kubernetes.io/hostname";

const isEmpty = (list: readonly unknown[] | undefined): boolean => list === undefined || list.length === 0;

/** An anti-affinity that says no more than "not on a host with these pods of my namespace". */
const isHostTerm = (term: AffinityTerm): boolean => {
  const { topologyKey, namespaces, namespaceSelector, matchLabelKeys, mismatchLabelKeys, labelSelector } =
    term;
  const plain =
    [namespaces, matchLabelKeys, mismatchLabelKeys].every(isEmpty) && namespaceSelector === undefined;
  return plain && topologyKey === HOST && isKnownSelector(labelSelector ?? {});
};

const isHardSpread = (constraint: unknown): boolean =>
  (constraint as { whenUnsatisfiable?: string } | undefined)?.whenUnsatisfiable !== "ScheduleAnyway";

const isKnownTerm = (term: SelectorTerm): boolean =>
  isKnownSelector({ matchExpressions: term.matchExpressions ?? [] }) &&
  isKnownSelector({ matchExpressions: term.matchFields ?? [] }) &&
  (term.matchFields ?? []).every(({ key }) => key === "metadata.name");

/** True when a pod that stays keeps others away by rules that this proof does not understand. */
export const repelsInUnknownWays = (pod: PlacedPod): boolean => !antiTerms(pod).every(isHostTerm);

const CONSTRUCTS: readonly (readonly [string, (pod: PlacedPod) => boolean])[] = [
  ["another scheduler", pod => pod.schedulerName !== "default-scheduler"],
  ["device claims", pod => pod.devices],
  ["volume claims", pod => pod.claims.length > 0],
  ["hard topology spread", pod => pod.topologySpread.some(isHardSpread)],
  [
    "pod affinity",
    pod => (affinityOf(pod).podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).length > 0,
  ],
  ["anti-affinity beyond hosts", repelsInUnknownWays],
  ["node affinity of an unknown form", pod => !(nodeTerms(pod) ?? []).every(isKnownTerm)],
];

/** What a pod asks for that this proof does not understand: with any of it, no "it fits" is claimed. */
export const unknownConstructs = (pod: PlacedPod): readonly string[] =>
  CONSTRUCTS.filter(([, has]) => has(pod)).map(([name]) => name);

const matchesTerm = (node: PlaceNode, term: SelectorTerm): boolean => {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every(expression => matchesExpression(node.labels, expression)) &&
    fields.every(field => matchesExpression({ "metadata.name": node.name }, field))
  );
};

const matchesNode = (pod: PlacedPod, node: PlaceNode): boolean => {
  const terms = nodeTerms(pod);
  return (
    Object.entries(pod.nodeSelector).every(([key, value]) => node.labels[key] === value) &&
    (terms === undefined || terms.some(term => matchesTerm(node, term)))
  );
};

const clashingPort = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port &&
  a.protocol === b.protocol &&
  (a.ip === b.ip || a.ip === "0.0.0.0" || b.ip === "0.0.0.0");

const repels = (pod: PlacedPod, other: PlacedPod): boolean =>
  antiTerms(pod).some(
    term =>
      isHostTerm(term) &&
      pod.namespace === other.namespace &&
      matchesLabels(term.labelSelector, other.labels),
  );

/** Why a node can never take the pod, whoever else is on it; undefined when it might. */
export const nodeObjection = (pod: PlacedPod, node: PlaceNode): string | undefined => {
  const [taint] = repellingTaints(pod.tolerations, node.taints);
  if (taint !== undefined) return `taint ${taint.key}`;
  return matchesNode(pod, node) ? undefined : "selector or affinity";
};

/** Why the pods already on a node keep this one off; undefined when they don't. */
export const neighbourObjection = (pod: PlacedPod, others: readonly PlacedPod[]): string | undefined => {
  const ports = others.some(other => other.hostPorts.some(b => pod.hostPorts.some(a => clashingPort(a, b))));
  if (ports) return "host port";
  return others.some(other => repels(pod, other) || repels(other, pod)) ? "anti-affinity" : undefined;
};

/** The first resource of which the room does not suffice. */
export const shortage = (requests: Amounts, room: Amounts): string | undefined =>
  Object.entries(requests).find(([name, amount]) => amount > 0 && amount > (room[name] ?? 0))?.[0];

export const subtract = (room: Amounts, requests: Amounts): Amounts => {
  const left: Record<string, number> = { ...room };
  for (const [name, amount] of Object.entries(requests)) left[name] = (left[name] ?? 0) - amount;
  return left;
};

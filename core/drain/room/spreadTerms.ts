import { isKnownSelector, type LabelSelector } from "../labels";
import type { PlacedPod } from "./places";
import { withOwnValues } from "./podTerms";
import { rememberEach } from "../rememberEach";

/** A hard topology spread constraint, with the scheduler's defaults filled in. */
export interface SpreadTerm {
  readonly topologyKey: string;
  readonly maxSkew: number;
  readonly minDomains: number;
  readonly selector: LabelSelector;
  /** Nodes that the pod's own selector or affinity rules out are not counted. */
  readonly honorAffinity: boolean;
  /** Nodes with taints that the pod does not tolerate are not counted. */
  readonly honorTaints: boolean;
}

interface RawSpread {
  readonly topologyKey?: string;
  readonly maxSkew?: number;
  readonly minDomains?: number;
  readonly whenUnsatisfiable?: string;
  readonly labelSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly nodeAffinityPolicy?: string;
  readonly nodeTaintsPolicy?: string;
}

const read = (constraint: unknown): RawSpread => constraint ?? {};

export const isHardSpread = (constraint: unknown): boolean =>
  read(constraint).whenUnsatisfiable !== "ScheduleAnyway";

export const isKnownSpread = (constraint: unknown): boolean => {
  const { topologyKey, maxSkew, labelSelector } = read(constraint);
  return topologyKey !== undefined && maxSkew !== undefined && isKnownSelector(labelSelector ?? {});
};

const readSpread = (pod: Pick<PlacedPod, "labels">, raw: RawSpread): readonly SpreadTerm[] =>
  raw.labelSelector === undefined || raw.topologyKey === undefined
    ? []
    : [
        {
          topologyKey: raw.topologyKey,
          maxSkew: raw.maxSkew ?? 1,
          minDomains: raw.minDomains ?? 1,
          selector: withOwnValues(raw.labelSelector, pod.labels, { same: raw.matchLabelKeys }),
          honorAffinity: raw.nodeAffinityPolicy !== "Ignore",
          honorTaints: raw.nodeTaintsPolicy === "Honor",
        },
      ];

type Spread = PlacedPod["topologySpread"];

const hardOnes = (topologySpread: Spread): readonly RawSpread[] =>
  topologySpread.filter(constraint => isHardSpread(constraint) && isKnownSpread(constraint)).map(read);

/** An absent selector means no pods: such a constraint is always met. */
export const spreadTermsOf = (pod: Pick<PlacedPod, "labels" | "topologySpread">): readonly SpreadTerm[] =>
  hardOnes(pod.topologySpread).flatMap(raw => readSpread(pod, raw));

const keysOf = rememberEach((topologySpread: Spread): readonly string[] =>
  hardOnes(topologySpread).flatMap(({ topologyKey }) => topologyKey ?? []),
);

/** Labels that a node must have to be one of the pod's places. Asked once for each node: read once. */
export const spreadKeys = (pod: Pick<PlacedPod, "topologySpread">): readonly string[] =>
  keysOf(pod.topologySpread);

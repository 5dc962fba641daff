import type { Taint, Toleration } from "../facts";
import type { LabelExpression, Labels } from "../labels";

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
  /** What is known of the volumes behind its claims; a claim that is missing here is not understood. */
  readonly volumes?: readonly PlacedVolume[];
}

export interface PlacedVolume {
  readonly claim: string;
  /** Where it can be attached; absent = anywhere. */
  readonly terms?: readonly NodeTerm[];
}

/** One alternative of a node affinity; all its expressions must hold. */
export interface NodeTerm {
  readonly matchExpressions?: readonly LabelExpression[];
  readonly matchFields?: readonly LabelExpression[];
}

export interface PlaceNode {
  readonly name: string;
  readonly labels: Labels;
  readonly taints: readonly Taint[];
  readonly allocatable: Amounts;
}

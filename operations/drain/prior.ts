import { TAINT } from "../../core/identity/names";
import type { NodeView, Taint } from "../../kube";

/**
 * What a node was before we changed it, kept on the node itself. `cordoned` says that the cordon is ours: one that
 * somebody else set after the fence is not taken away with it.
 */
export interface PriorState {
  readonly unschedulable: boolean;
  /** Taints of ours that were there before. */
  readonly taints: readonly Taint[];
  readonly cordoned: boolean;
  /** ISO time of the fence, and of the cordon. */
  readonly at: string;
  readonly cordonedAt?: string;
  /** When we took it out of external load balancers; absent = not we. */
  readonly excludedAt?: string;
}

/** Kubernetes' own label: external load balancers send nothing to nodes that bear it. */
export const EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

const ours = (taints: readonly Taint[]): readonly Taint[] =>
  taints.filter(({ key }) => key === TAINT.leaving.key);

export const recordPrior = (node: Pick<NodeView, "unschedulable" | "taints">, at: string): PriorState => ({
  unschedulable: node.unschedulable,
  taints: ours(node.taints),
  cordoned: false,
  at,
});

const isPrior = (value: unknown): value is PriorState =>
  typeof value === "object" &&
  value !== null &&
  typeof (value as PriorState).unschedulable === "boolean" &&
  Array.isArray((value as PriorState).taints);

/** Undefined when there is no record, or one that nobody can read. */
export const parsePrior = (text: string | undefined): PriorState | undefined => {
  if (text === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isPrior(value) ? value : undefined;
  } catch {
    return undefined;
  }
};

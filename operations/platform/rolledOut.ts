import type { WorkloadView } from "../../kube";

/** What of a workload is judged. */
export type Rollout = Pick<
  WorkloadView,
  | "kind"
  | "namespace"
  | "name"
  | "desired"
  | "replicas"
  | "updated"
  | "available"
  | "generation"
  | "observedGeneration"
  | "conditions"
  | "strategy"
>;

const byHand = ({ strategy }: Rollout): boolean =>
  (strategy as { readonly type?: string } | undefined)?.type === "OnDelete";

const said = ({ kind, namespace, name }: Rollout): string => `${kind} ${namespace}/${name}`;

/** Every pod asked for is of the newest template, as far as the workload replaces them by itself, and none is left over. */
const isReplaced = (rollout: Rollout): boolean => {
  if (byHand(rollout)) return true;
  const { kind, desired, replicas, updated } = rollout;
  return updated >= desired && (kind === "DaemonSet" || replicas === updated);
};

/**
 * The rules of `kubectl rollout status` (k8s.io/kubectl, pkg/polymorphichelpers/rollout_status.go), but that a DaemonSet
 * may lack a pod for each node that is down.
 *
 * @returns what is missing, or undefined where it is rolled out.
 */
export const missingOf = (rollout: Rollout, nodesDown: number): string | undefined => {
  const { desired, available, updated, generation, observedGeneration, kind } = rollout;
  if (observedGeneration < generation) return `${said(rollout)} to be looked at by its controller`;
  const spare = kind === "DaemonSet" ? nodesDown : 0;
  if (available + spare >= desired && isReplaced({ ...rollout, updated: updated + spare })) return undefined;
  return `${said(rollout)} ${available}/${desired} available, ${updated} of the newest`;
};

/** A Deployment that its controller gave up on; its reason. */
export const gaveUp = ({ conditions, ...rollout }: Rollout): string | undefined => {
  const found = conditions.find(
    ({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded",
  );
  return found === undefined ? undefined : `${said({ ...rollout, conditions })}: ${found.message}`;
};

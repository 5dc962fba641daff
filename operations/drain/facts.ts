import type { BudgetFact, NodeFact, PodFact, WorkloadFact } from "../../core/drain/facts";
import { ANNOTATION, TAINT } from "../../core/identity/names";
import {
  type BudgetView,
  type NodeView,
  type PodView,
  projectBudget,
  projectNode,
  projectPod,
  projectWorkload,
  type WorkloadKind,
} from "../../kube";

/** What a cache needs beside the fact itself. */
export type Cached<T> = T & { readonly resourceVersion: string };

type PodTimes = Pick<PodFact, "createdAt" | "graceSeconds" | "deletingSince">;

const timesOf = (view: PodView): PodTimes => {
  const graceSeconds = view.deletionGracePeriodSeconds ?? view.graceSeconds;
  const createdAt = Date.parse(view.createdAt ?? "") || 0;
  if (view.deletionTimestamp === undefined) return { createdAt, graceSeconds };
  // The API server writes the moment at which the grace period will be over.
  const deletingSince = Date.parse(view.deletionTimestamp) - graceSeconds * 1000;
  return { createdAt, graceSeconds, deletingSince };
};

/** Losing a tmpfs with its pod is what its owner asked for. */
const hasLocalStorage = ({ volumes }: PodView): boolean =>
  volumes.hostPath || (volumes.emptyDir && !volumes.emptyDirMemory);

export const readPodFact = (raw: unknown): Cached<PodFact> => {
  const view = projectPod(raw);
  const { uid, namespace, name, resourceVersion, labels, annotations, phase, ready, mirror, tolerations } =
    view;
  return {
    ...{ uid, namespace, name, resourceVersion, labels, annotations, phase, ready, tolerations },
    ...timesOf(view),
    mirror: mirror || view.owner?.kind === "Node",
    localStorage: hasLocalStorage(view),
    ...(view.node === undefined ? {} : { node: view.node }),
    ...(view.owner === undefined ? {} : { owner: view.owner }),
    ...(view.unschedulable === undefined ? {} : { unschedulable: view.unschedulable }),
  };
};

const syncFailure = (view: BudgetView): string | undefined => {
  const failed = view.conditions.find(
    ({ type, status, reason }) =>
      type === "DisruptionAllowed" && status === "False" && reason === "SyncFailed",
  );
  return failed?.message;
};

export const readBudgetFact = (raw: unknown): Cached<BudgetFact> => {
  const view = projectBudget(raw);
  const failure = syncFailure(view);
  return {
    uid: view.uid,
    namespace: view.namespace,
    name: view.name,
    resourceVersion: view.resourceVersion,
    alwaysAllowUnhealthy: view.unhealthyPodEvictionPolicy === "AlwaysAllow",
    observed: view.observedGeneration >= view.generation,
    allowed: view.disruptionsAllowed,
    expected: view.expectedPods,
    healthy: view.currentHealthy,
    needed: view.desiredHealthy,
    disruptedPods: Object.keys(view.disruptedPods),
    ...(view.selector === undefined ? {} : { selector: view.selector }),
    ...(failure === undefined ? {} : { syncFailed: failure }),
  };
};

export const readWorkloadFact =
  (kind: WorkloadKind) =>
  (raw: unknown): Cached<WorkloadFact> => {
    const { uid, namespace, name, resourceVersion, desired, owner } = projectWorkload(kind)(raw);
    return {
      uid,
      namespace,
      name,
      resourceVersion,
      kind,
      desired,
      ...(owner === undefined ? {} : { owner }),
    };
  };

const isLeaving = (view: Pick<NodeView, "taints">): boolean =>
  view.taints.some(({ key }) => key === TAINT.leaving.key);

export const readNodeFact = (raw: unknown): Cached<NodeFact & { readonly prior?: string }> => {
  const view = projectNode(raw);
  const prior = view.annotations[ANNOTATION.prior];
  return {
    uid: view.uid,
    name: view.name,
    resourceVersion: view.resourceVersion,
    labels: view.labels,
    ready: view.ready,
    cordoned: view.unschedulable,
    taints: view.taints,
    fenced: prior !== undefined && isLeaving(view),
    ...(prior === undefined ? {} : { prior }),
  };
};

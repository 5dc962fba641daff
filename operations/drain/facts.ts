import type {
  BudgetFact,
  DaemonSetFact,
  NodeFact,
  PodFact,
  VolumeFact,
  WorkloadFact,
} from "../../core/drain/facts";
import { LADDER_ANNOTATION } from "../../core/drain/ladder/names";
import { gitOpsOwner } from "../../core/drain/plan/gitOps";
import { ANNOTATION, TAINT } from "../../core/identity/names";
import {
  type BudgetView,
  type NodeView,
  type PodView,
  projectBudget,
  projectNode,
  projectPod,
  projectVolume,
  projectWorkload,
  type WorkloadKind,
} from "../../kube";

import { EXCLUDED, parsePrior } from "./prior";

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

type PodExtras = Pick<
  PodFact,
  "priorityClass" | "startedAt" | "claims" | "localVolumes" | "trouble" | "preempted"
>;

const extrasOf = ({ priorityClassName, startTime, volumes, trouble, preempted }: PodView): PodExtras => ({
  ...(trouble === undefined ? {} : { trouble }),
  ...(preempted ? { preempted } : {}),
  ...(priorityClassName === undefined ? {} : { priorityClass: priorityClassName }),
  ...(startTime === undefined ? {} : { startedAt: Date.parse(startTime) }),
  ...(volumes.claims.length === 0 ? {} : { claims: volumes.claims }),
  ...(volumes.local.length === 0 ? {} : { localVolumes: volumes.local }),
});

export const readPodFact = (raw: unknown): Cached<PodFact> => podFactOf(projectPod(raw));

export const podFactOf = (view: PodView): Cached<PodFact> => {
  const { uid, namespace, name, resourceVersion, labels, annotations, phase, ready, mirror, tolerations } =
    view;
  return {
    ...{ uid, namespace, name, resourceVersion, labels, annotations, phase, ready, tolerations },
    ...timesOf(view),
    mirror: mirror || view.owner?.kind === "Node",
    // Losing a tmpfs with its pod is what its owner asked for.
    localStorage: view.volumes.local.length > 0,
    ...extrasOf(view),
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
    ...(view.minAvailable === undefined ? {} : { minAvailable: view.minAvailable }),
    ...(view.maxUnavailable === undefined ? {} : { maxUnavailable: view.maxUnavailable }),
    ...(failure === undefined ? {} : { syncFailed: failure }),
  };
};

export const readWorkloadFact =
  (kind: WorkloadKind) =>
  (raw: unknown): Cached<WorkloadFact> => {
    const view = projectWorkload(kind)(raw);
    const { uid, namespace, name, resourceVersion, desired, owner } = view;
    const gitOps = gitOpsOwner(view);
    const ladder = view.annotations[LADDER_ANNOTATION.ladder];
    return {
      uid,
      namespace,
      name,
      resourceVersion,
      kind,
      desired,
      labels: view.labels,
      ...(ladder === undefined ? {} : { ladder }),
      ...(owner === undefined ? {} : { owner }),
      ...(gitOps === undefined ? {} : { gitOps }),
      ...(view.failsByEviction ? { failsByEviction: true } : {}),
    };
  };

export const readDaemonSetFact = (raw: unknown): Cached<DaemonSetFact> => {
  const { uid, namespace, name, resourceVersion } = projectWorkload("DaemonSet")(raw);
  return { uid, namespace, name, resourceVersion };
};

export const readVolumeFact = (raw: unknown): Cached<VolumeFact> => {
  const { uid, name, resourceVersion, claim, local } = projectVolume(raw);
  return { uid, name, resourceVersion, local, ...(claim === undefined ? {} : { claim }) };
};

const isLeaving = (view: Pick<NodeView, "taints">): boolean =>
  view.taints.some(({ key }) => key === TAINT.leaving.key);

/** One that bears the label by another hand left its balancers long ago. */
const leftAt = ({ labels }: NodeView, prior: string | undefined): Pick<NodeFact, "leftBalancersAt"> => {
  if (!(EXCLUDED in labels)) return {};
  const at = Date.parse(parsePrior(prior)?.excludedAt ?? "");
  return { leftBalancersAt: Number.isNaN(at) ? 0 : at };
};

export const readNodeFact = (raw: unknown): Cached<NodeFact & { readonly prior?: string }> =>
  nodeFactOf(projectNode(raw));

export const nodeFactOf = (view: NodeView): Cached<NodeFact & { readonly prior?: string }> => {
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
    ...leftAt(view, prior),
    ...(prior === undefined ? {} : { prior }),
  };
};

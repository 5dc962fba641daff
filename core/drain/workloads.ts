import type { PodFact, WorkloadFact } from "./facts";
import type { Attempt, DrainState } from "./state";
import { fullName, type World } from "./world";

/** What a pod belongs to, as its owner would name it. */
export interface Workload {
  /** `namespace/Kind/name` */
  readonly key: string;
  readonly kind: string;
  /** Absent when the owner's wishes cannot be read. */
  readonly desired?: number;
}

/** Owners that are watched: one of these that is not in the cache is unknown, not absent. */
const WATCHED: Readonly<Record<string, string>> = {
  ReplicaSet: "apps/",
  Deployment: "apps/",
  StatefulSet: "apps/",
  Job: "batch/",
};

const isWatched = (owner: { apiVersion: string; kind: string }): boolean => {
  const group = WATCHED[owner.kind];
  return group !== undefined && owner.apiVersion.startsWith(group);
};

const keyOf = (namespace: string, kind: string, name: string): string => `${namespace}/${kind}/${name}`;

const topmost = (workload: WorkloadFact, world: World): WorkloadFact => {
  const parent = workload.owner === undefined ? undefined : world.workloads.get(workload.owner.uid);
  return parent ?? workload;
};

/** Undefined while the owner has not been seen: nothing may be concluded about such a pod. */
export const workloadOf = (pod: PodFact, world: World): Workload | undefined => {
  const { owner } = pod;
  if (owner === undefined) return { key: keyOf(pod.namespace, "Pod", pod.name), kind: "Pod", desired: 1 };
  const direct = world.workloads.get(owner.uid);
  if (direct !== undefined) {
    const top = topmost(direct, world);
    return { key: keyOf(top.namespace, top.kind, top.name), kind: top.kind, desired: top.desired };
  }
  if (isWatched(owner)) return undefined;
  return { key: keyOf(pod.namespace, owner.kind, owner.name), kind: owner.kind };
};

export interface WorkloadCount {
  readonly workload: Workload;
  /** Pods that exist and are not going. */
  live: number;
  /** Of these: Ready, and nothing of ours is under way against them. */
  available: number;
  /** Of the live ones that are not Ready: created since the fence, so most likely replacements. */
  starting: number;
}

export const isGoing = (attempt: Attempt | undefined): boolean =>
  attempt?.phase === "posted" ||
  attempt?.phase === "accepted" ||
  (attempt?.phase === "later" && attempt.uncertain);

const isFinished = (pod: PodFact): boolean => pod.phase === "Succeeded" || pod.phase === "Failed";

const countPod = (count: WorkloadCount, pod: PodFact, state: DrainState): void => {
  if (pod.deletingSince !== undefined || isFinished(pod) || isGoing(state.attempts.get(pod.uid))) return;
  count.live += 1;
  if (pod.ready) count.available += 1;
  else if (pod.createdAt >= state.since) count.starting += 1;
};

export interface WorkloadIndex {
  readonly counts: ReadonlyMap<string, WorkloadCount>;
  /** Pods wanted by each workload that exists. */
  readonly wishes: ReadonlyMap<string, number>;
  readonly of: (pod: PodFact) => Workload | undefined;
}

/** One walk over all pods; owners are resolved once each. */
export const indexWorkloads = (state: DrainState): WorkloadIndex => {
  const byOwner = new Map<string, Workload | undefined>();
  const counts = new Map<string, WorkloadCount>();
  const of = (pod: PodFact): Workload | undefined => {
    const ownerKey = pod.owner?.uid ?? pod.uid;
    if (!byOwner.has(ownerKey)) byOwner.set(ownerKey, workloadOf(pod, state.world));
    return byOwner.get(ownerKey);
  };
  for (const pod of state.world.pods.values()) {
    const workload = of(pod);
    if (workload === undefined) continue;
    const count = counts.get(workload.key) ?? { workload, live: 0, available: 0, starting: 0 };
    counts.set(workload.key, count);
    countPod(count, pod, state);
  }
  const wishes = new Map(
    [...state.world.workloads.values()].map(({ namespace, kind, name, desired }) => [
      keyOf(namespace, kind, name),
      desired,
    ]),
  );
  return { counts, wishes, of };
};

/** The wish of the workload, or the most pods ever seen of it. */
export const desiredOf = (count: WorkloadCount, state: DrainState): number =>
  count.workload.desired ?? Math.max(state.peaks.get(count.workload.key) ?? 0, count.live);

/**
 * What must be available again at the end: what was available at the start, and on a resumed run also what a former
 * run's evictions have not given back yet.
 */
export const targetOf = (count: WorkloadCount, state: DrainState): number => {
  const desired = desiredOf(count, state);
  const missing = state.since < state.startedAt ? Math.max(0, desired - count.live) : 0;
  return Math.min(desired, count.available + count.starting + missing);
};

/** A quarter of the pods, at least one; one at a time where pods have an identity. */
export const syntheticLimit = (kind: string, desired: number): number =>
  kind === "StatefulSet" ? 1 : Math.max(1, Math.floor(desired * 0.25));

export const describeWorkload = (key: string): string => {
  const [namespace = "", kind = "", name = ""] = key.split("/");
  return `${kind} ${fullName({ namespace, name })}`;
};

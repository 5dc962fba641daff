import type { PodFact, WorkloadFact } from "./facts";
import type { Attempt } from "./attempts";
import type { DrainState } from "./state";
import type { Tallied, Workload, WorkloadCount } from "./surveyed";
import { rememberEach } from "./rememberEach";
import { fullName, keyText, workloadCalled, type World, workloadKey } from "./world";

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

const topmost = (workload: WorkloadFact, world: World): WorkloadFact => {
  const parent = workload.owner === undefined ? undefined : world.workloads.get(workload.owner.uid);
  return parent ?? workload;
};

/** One object for all pods of a workload: it is asked for far more often than there are workloads. */
const described = rememberEach((fact: WorkloadFact): Workload => ({
  key: workloadKey(fact),
  kind: fact.kind,
  desired: fact.desired,
}));

/** Undefined while the owner has not been seen: nothing may be concluded about such a pod. */
export const workloadOf = (pod: PodFact, world: World): Workload | undefined => {
  const { owner, namespace } = pod;
  if (owner === undefined)
    return { key: keyText({ namespace, kind: "Pod", name: pod.name }), kind: "Pod", desired: 1 };
  const direct = world.workloads.get(owner.uid);
  if (direct !== undefined) return described(topmost(direct, world));
  if (isWatched(owner)) return undefined;
  return { key: keyText({ namespace, kind: owner.kind, name: owner.name }), kind: owner.kind };
};

export const isGoing = (attempt: Attempt | undefined): boolean =>
  attempt?.phase === "posted" ||
  attempt?.phase === "accepted" ||
  (attempt?.phase === "later" && attempt.uncertain);

const isFinished = (pod: PodFact): boolean => pod.phase === "Succeeded" || pod.phase === "Failed";

/** What a pod counts for in its workload. */
export const standingOf = (pod: PodFact, state: DrainState): Tallied["as"] => {
  if (pod.deletingSince !== undefined || isFinished(pod) || isGoing(state.attempts.get(pod.uid)))
    return "absent";
  if (pod.ready) return "available";
  return pod.createdAt >= state.since ? "starting" : "live";
};

/** Pods wanted by a workload that exists. */
export const wishOf = (world: World, key: string): number | undefined => workloadCalled(key, world)?.desired;

/** The wish of the workload, or the most pods ever seen of it. */
export const desiredOf = (count: WorkloadCount, state: Pick<DrainState, "peaks">): number =>
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

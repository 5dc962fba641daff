import type { PodFact } from "./facts";
import { matchesLabels } from "./labels";
import type { DrainRules } from "./state";
import { block, type FilterContext, ignore, type PodFilter, type PodVerdict } from "./verdicts";

/** As long as kubelets usually need beyond the grace period to report a pod's end. */
export const STUCK_AFTER_MS = 60_000;

export const mirror: PodFilter = {
  name: "mirror",
  judge: pod => (pod.mirror ? ignore("MIRROR", "a static pod: only its kubelet can remove it") : undefined),
};

const isFinished = ({ phase }: PodFact): boolean => phase === "Succeeded" || phase === "Failed";

const ofDaemonSet = ({ owner }: PodFact): boolean =>
  owner?.kind === "DaemonSet" && owner.apiVersion.startsWith("apps/");

export const isOrphan = (pod: PodFact, { daemonSets }: FilterContext): boolean =>
  ofDaemonSet(pod) && daemonSets !== undefined && !daemonSets.has(pod.owner?.uid ?? "");

export const daemonSet: PodFilter = {
  name: "daemonSet",
  judge: (pod, context) => {
    if (!ofDaemonSet(pod) || isOrphan(pod, context)) return undefined;
    return context.rules.ignoreDaemonSets === false && !isFinished(pod)
      ? block("DAEMON_SET", "it belongs to a DaemonSet and would come back", "use ignore-daemonsets")
      : ignore("DAEMON_SET", "it belongs to a DaemonSet: it lives and ends with its node");
  },
};

export const finished: PodFilter = {
  name: "finished",
  judge: pod => (isFinished(pod) ? ignore("FINISHED", "it runs no more") : undefined),
};

const isStuck = (pod: PodFact, now: number): boolean =>
  pod.deletingSince !== undefined && now > pod.deletingSince + pod.graceSeconds * 1000 + STUCK_AFTER_MS;

/** As kubectl counts: from the deletionTimestamp on, which the grace period is part of. */
const skippedAt = (gone: number, { skipWaitForDeleteTimeoutSeconds: limit = 0 }: DrainRules): number =>
  limit > 0 ? gone + limit * 1000 : Infinity;

const stuck = (gone: number, now: number): PodVerdict =>
  block(
    "STUCK_TERMINATING",
    `still there ${Math.round((now - gone) / 1000)} s after its grace period: a finalizer or its node holds it`,
    "see what its finalizers wait for, and whether its node's kubelet answers",
  );

export const terminating: PodFilter = {
  name: "terminating",
  judge: (pod, { now, rules }) => {
    if (pod.deletingSince === undefined) return undefined;
    const gone = pod.deletingSince + pod.graceSeconds * 1000;
    if (now > skippedAt(gone, rules))
      return ignore("SKIPPED_TERMINATING", "it has been terminating for longer than anybody waits");
    if (isStuck(pod, now)) return stuck(gone, now);
    const until = Math.min(gone + STUCK_AFTER_MS, skippedAt(gone, rules)) + 1;
    return { kind: "wait", code: "TERMINATING", message: "it is on its way out", fix: "", until };
  },
};

/** kubectl lists only the pods that match; the others are as good as absent. */
export const podSelector: PodFilter = {
  name: "podSelector",
  judge: (pod, { rules }) =>
    rules.podSelector === undefined || matchesLabels(rules.podSelector, pod.labels)
      ? undefined
      : ignore("NOT_SELECTED", "the pod selector leaves it out"),
};

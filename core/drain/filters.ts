import type { PodFact } from "./facts";
import type { DrainRules } from "./state";
import { toleratesTaint } from "./tolerations";

/** Why a pod is not simply moved. `code` is stable and listed in the docs. */
export type PodVerdict =
  | { readonly kind: "ignore"; readonly code: string }
  /** On its way out already: nothing to do but wait. */
  | { readonly kind: "wait"; readonly code: string }
  | { readonly kind: "block"; readonly code: string; readonly message: string }
  | { readonly kind: "move" };

export interface FilterContext {
  readonly now: number;
  readonly rules: DrainRules;
  /** The run keeps blue nodes cordoned. */
  readonly cordon: boolean;
}

export interface PodFilter {
  readonly name: string;
  readonly judge: (pod: PodFact, context: FilterContext) => PodVerdict | undefined;
}

/** As long as kubelets usually need beyond the grace period to report a pod's end. */
const STUCK_AFTER_MS = 60_000;

export const UNSCHEDULABLE_TAINT = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const;

const ignore = (code: string): PodVerdict => ({ kind: "ignore", code });
const block = (code: string, message: string): PodVerdict => ({ kind: "block", code, message });

const mirror: PodFilter = {
  name: "mirror",
  judge: pod => (pod.mirror ? ignore("MIRROR") : undefined),
};

const daemonSet: PodFilter = {
  name: "daemonSet",
  judge: ({ owner }) =>
    owner?.kind === "DaemonSet" && owner.apiVersion.startsWith("apps/") ? ignore("DAEMON_SET") : undefined,
};

const finished: PodFilter = {
  name: "finished",
  judge: ({ phase }) => (phase === "Succeeded" || phase === "Failed" ? ignore("FINISHED") : undefined),
};

export const isStuck = (pod: PodFact, now: number): boolean =>
  pod.deletingSince !== undefined && now > pod.deletingSince + pod.graceSeconds * 1000 + STUCK_AFTER_MS;

const terminating: PodFilter = {
  name: "terminating",
  judge: (pod, { now }) => {
    if (pod.deletingSince === undefined) return undefined;
    if (!isStuck(pod, now)) return { kind: "wait", code: "TERMINATING" };
    const over = Math.round((now - pod.deletingSince) / 1000) - pod.graceSeconds;
    return block(
      "STUCK_TERMINATING",
      `still there ${over} s after its grace period: a finalizer or its node holds it`,
    );
  },
};

const returnsToBlue: PodFilter = {
  name: "returnsToBlue",
  judge: (pod, { cordon }) =>
    cordon && toleratesTaint(pod.tolerations, UNSCHEDULABLE_TAINT)
      ? block(
          "RETURNS_TO_BLUE",
          "it tolerates cordoned nodes, so its successor may come back to the same place",
        )
      : undefined,
};

const unmanaged: PodFilter = {
  name: "unmanaged",
  judge: (pod, { rules }) =>
    pod.owner === undefined && !rules.force
      ? block("NOT_REPLICATED", "no controller would create it again")
      : undefined,
};

const localStorage: PodFilter = {
  name: "localStorage",
  judge: (pod, { rules }) =>
    pod.localStorage && !rules.deleteEmptyDirData
      ? block("LOCAL_STORAGE", "its local data would be lost")
      : undefined,
};

/**
 * First verdict wins. What nobody can move (static pods), what lives and dies with the node (DaemonSets) and what runs
 * no more comes first; then what is already going; then what must not be evicted. The vocabularies by which owners ask
 * to be left alone (do-not-disrupt, safe-to-evict, drain labels) belong between the last two groups.
 */
export const FILTERS: readonly PodFilter[] = [
  mirror,
  daemonSet,
  finished,
  terminating,
  returnsToBlue,
  unmanaged,
  localStorage,
];

export const judgePod = (pod: PodFact, context: FilterContext): PodVerdict => {
  for (const filter of FILTERS) {
    const verdict = filter.judge(pod, context);
    if (verdict !== undefined) return verdict;
  }
  return { kind: "move" };
};

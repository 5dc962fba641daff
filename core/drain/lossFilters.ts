import type { PodFact } from "./facts";
import { isOrphan } from "./presenceFilters";
import { toleratesTaint } from "./tolerations";
import { block, type FilterContext, type PodFilter } from "./verdicts";
import { areVolumesDeclaredSafe, isDeclaredSafe } from "./vocabularies";

export const UNSCHEDULABLE_TAINT = { key: "node.kubernetes.io/unschedulable", effect: "NoSchedule" } as const;

const hasSuccessor = (pod: PodFact, context: FilterContext): boolean =>
  pod.owner !== undefined && !isOrphan(pod, context);

export const returnsToBlue: PodFilter = {
  name: "returnsToBlue",
  judge: (pod, context) =>
    context.cordon && hasSuccessor(pod, context) && toleratesTaint(pod.tolerations, UNSCHEDULABLE_TAINT)
      ? block(
          "RETURNS_TO_BLUE",
          "it tolerates cordoned nodes, so its successor may come back to the same place",
          `take the toleration of ${UNSCHEDULABLE_TAINT.key} away, or tie it to other nodes`,
        )
      : undefined,
};

const pinnedClaims = (pod: PodFact, { localClaims, rules }: FilterContext): readonly string[] =>
  (pod.claims ?? [])
    .map(claim => `${pod.namespace}/${claim}`)
    .filter(claim => localClaims?.has(claim) === true && rules.abandon?.includes(claim) !== true);

export const localVolume: PodFilter = {
  name: "localVolume",
  judge: (pod, context) => {
    const pinned = pinnedClaims(pod, context);
    if (pinned.length === 0) return undefined;
    return block(
      "LOCAL_PV",
      `its data lies on its node (${pinned.join(", ")})`,
      "move the data yourself, or name the claim among those to abandon",
    );
  },
};

export const orphaned: PodFilter = {
  name: "orphaned",
  judge: (pod, context) =>
    isOrphan(pod, context) && !context.rules.force
      ? block("ORPHANED", "its DaemonSet is gone: nobody would create it again", "delete it, or use force")
      : undefined,
  warn: (pod, context) =>
    isOrphan(pod, context)
      ? { code: "ORPHANED", message: "its DaemonSet is gone", fix: "delete it if nobody needs it" }
      : undefined,
};

export const unmanaged: PodFilter = {
  name: "unmanaged",
  judge: (pod, { rules }) =>
    pod.owner === undefined && !rules.force && !isDeclaredSafe(pod)
      ? block("NOT_REPLICATED", "no controller would create it again", "give it a controller, or use force")
      : undefined,
  warn: pod =>
    pod.owner === undefined
      ? { code: "NOT_REPLICATED", message: "no controller creates it again", fix: "give it a controller" }
      : undefined,
};

export const localStorage: PodFilter = {
  name: "localStorage",
  judge: (pod, { rules }) =>
    pod.localStorage && !rules.deleteEmptyDirData && !isDeclaredSafe(pod) && !areVolumesDeclaredSafe(pod)
      ? block("LOCAL_STORAGE", "its local data would be lost", "save the data, or use delete-emptydir-data")
      : undefined,
  warn: pod =>
    pod.localStorage
      ? { code: "LOCAL_STORAGE", message: "its local data is lost when it moves", fix: "" }
      : undefined,
};

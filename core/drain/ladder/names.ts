/** Annotations of the ladder. They are API: a later run reads what an earlier one wrote. */
export const LADDER_ANNOTATION = {
  /** On a workload, by its owner: which rungs he allows, with commas between. */
  ladder: "changeover.dev/ladder",
  /** On what was scaled: JSON of the surge and of what was before. */
  surge: "changeover.dev/surge",
  /** On a Deployment: JSON of the restart. */
  restarted: "changeover.dev/restarted",
  /** On a pod: its deletion cost before ours; empty = it had none. */
  priorCost: "changeover.dev/prior-deletion-cost",
  /** On a node: JSON of the last force of each budget. */
  forced: "changeover.dev/last-forced",
} as const;

/** Labels of the ladder, API as well. The Deployment controller copies annotations to ReplicaSets, and never labels. */
export const LADDER_LABEL = {
  /** On what was scaled: `at` of the surge's record. A record without it is a copy that a rollback has brought back. */
  surgedAt: "changeover.dev/surged-at",
} as const;

/** Kubernetes' own names that the ladder writes. */
export const DELETION_COST = "controller.kubernetes.io/pod-deletion-cost";
export const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

/** A ReplicaSet lets go of pods with a lower cost first; 0 is what all others have. */
export const FIRST_TO_GO = "-1000";

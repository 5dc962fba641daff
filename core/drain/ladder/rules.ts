import type { Labels } from "../labels";

/** The rungs in the order in which they are tried: the mildest first. */
export const RUNGS = ["surge", "rollout-restart", "evict-unhealthy", "force"] as const;

export type Rung = (typeof RUNGS)[number];

/** What a workload may be opted in to. */
export type LadderWish = Rung | "surge-first";

export const LADDER_WISHES: readonly LadderWish[] = [...RUNGS, "surge-first"];

/** Which workloads: all of a namespace, narrowed by what else is given. */
export interface WorkloadSelector {
  readonly namespace: string;
  readonly kind?: string;
  /** Needs `kind`. */
  readonly name?: string;
  /** All of these, with exactly these values. */
  readonly labels?: Labels;
}

/** When a pod may be deleted past its budget. Ages in seconds. */
export interface ForceRules {
  readonly selectors: readonly WorkloadSelector[];
  /** How long its budget must have held it. */
  readonly afterSeconds: number;
  readonly minPodAgeSeconds: number;
  /** How old every other pod of the budget must be. */
  readonly minHealthySiblingAgeSeconds: number;
  readonly minUnhealthySiblingAgeSeconds: number;
  /** Least time between two of one budget. */
  readonly everySeconds: number;
}

/** What may be done for workloads that cannot be evicted. Each rung is off unless a workload is selected for it. */
export interface LadderRules {
  readonly surge?: readonly WorkloadSelector[];
  readonly rolloutRestart?: readonly WorkloadSelector[];
  readonly evictUnhealthy?: readonly WorkloadSelector[];
  readonly force?: ForceRules;
  /** Deployments that get their successors on green first, and are never short of a pod. */
  readonly surgeFirst?: readonly WorkloadSelector[];
}

/** For workloads whose owner asks for force by annotation and no rule gives numbers. */
export const FORCE_DEFAULTS: ForceRules = {
  selectors: [],
  afterSeconds: 600,
  minPodAgeSeconds: 300,
  minHealthySiblingAgeSeconds: 300,
  minUnhealthySiblingAgeSeconds: 300,
  everySeconds: 300,
};

/**
 * A cluster to drain and everything that befalls it, as small plain data: it is printed when it fails, and can be cut
 * down by hand. Times in milliseconds; moments count from the start of the run.
 */
export interface Story {
  readonly seed: number;
  readonly blue: number;
  readonly green: number;
  /** Whether blue is marked and cordoned before the engine starts; else it is the engine's first work. */
  readonly fenced: boolean;
  readonly workloads: readonly StoryWorkload[];
  readonly budgets: readonly StoryBudget[];
  readonly pace: Pace;
  readonly wire: WireTrouble;
  readonly mishaps: readonly Mishap[];
  readonly kills: readonly Kill[];
}

export type WorkloadKind = "Deployment" | "StatefulSet" | "Job" | "DaemonSet" | "Static" | "Bare";

export interface StoryWorkload {
  readonly name: string;
  readonly kind: WorkloadKind;
  readonly replicas: number;
  /** Real time from deletion to the end. */
  readonly graceMs: number;
  /** From binding to Ready. */
  readonly startMs: number;
  /** Of its pods, those that run on green already. */
  readonly onGreen?: number;
  /** Pods on blue that are never Ready there. */
  readonly broken?: number;
  /** How long a finalizer holds each pod after its end. */
  readonly finalizerMs?: number;
  /** Pods started before this moment become Ready only after it. */
  readonly failsUntil?: number;
  readonly localStorage?: boolean;
  /** Each pod on blue has a volume, which stays attached so long after the pod is gone. */
  readonly detachMs?: number;
  readonly toleratesCordon?: boolean;
}

export type Share = number | `${number}%`;

export interface BudgetRule {
  readonly minAvailable?: Share;
  readonly maxUnavailable?: Share;
}

export interface StoryBudget extends BudgetRule {
  readonly name: string;
  /** Names of the workloads whose pods it selects. */
  readonly selects: readonly string[];
  readonly alwaysAllow?: boolean;
}

/** How slow everybody is. */
export interface Pace {
  readonly callMs: number;
  readonly watchMs: number;
  /** Added at random to each delivery, without changing the order of one kind. */
  readonly jitterMs: number;
  readonly disruptionMs: number;
  readonly controllerMs: number;
  readonly schedulerMs: number;
  readonly restartMs: number;
}

export type WireFault =
  | "throttled"
  | "behind"
  | "conflict"
  | "contended"
  | "internal"
  | "internalAfter"
  | "unavailable"
  | "resetBefore"
  | "resetAfter"
  | "timeoutAfter"
  | "terminatingNamespace"
  | "forbidden"
  | "negative";

export interface WireTrouble {
  /** Chance that a call meets one. */
  readonly chance: number;
  readonly kinds: readonly WireFault[];
  /** No trouble after this moment. */
  readonly until: number;
}

export type WatchedKind = "pod" | "budget" | "workload" | "node" | "attachment";

export type Mishap =
  | { readonly kind: "editBudget"; readonly at: number; readonly budget: string; readonly rule: BudgetRule }
  | { readonly kind: "dropBudget"; readonly at: number; readonly budget: string }
  | { readonly kind: "scale"; readonly at: number; readonly workload: string; readonly replicas: number }
  | { readonly kind: "loseNode"; readonly at: number; readonly node: string; readonly forMs: number }
  | { readonly kind: "foreignDrain"; readonly at: number; readonly pods: number }
  | { readonly kind: "uncordon"; readonly at: number; readonly node: string }
  | { readonly kind: "latePod"; readonly at: number; readonly workload: string; readonly node: string }
  | { readonly kind: "flap"; readonly at: number; readonly workload: string; readonly forMs: number }
  | {
      readonly kind: "dropWatch";
      readonly at: number;
      readonly watch: WatchedKind;
      readonly forMs: number;
      /** The server forgot the version: everything is listed again. */
      readonly expired: boolean;
      /** Events before the gap that are told a second time. */
      readonly repeats: number;
    }
  | { readonly kind: "hold"; readonly at: number; readonly forMs: number }
  | { readonly kind: "loseLease"; readonly at: number }
  | { readonly kind: "cancel"; readonly at: number };

/** The process dies at its n-th step: with all, half or none of that step's actions done. */
export interface Kill {
  readonly step: number;
  readonly done: "none" | "half" | "all";
}

export const CALM_PACE: Pace = {
  callMs: 10,
  watchMs: 20,
  jitterMs: 0,
  disruptionMs: 20,
  controllerMs: 20,
  schedulerMs: 10,
  restartMs: 1_000,
};

export const CALM_STORY: Omit<Story, "workloads" | "budgets"> = {
  seed: 1,
  blue: 3,
  green: 3,
  fenced: true,
  pace: CALM_PACE,
  wire: { chance: 0, kinds: [], until: 0 },
  mishaps: [],
  kills: [],
};

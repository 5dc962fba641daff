import type { WorkloadFact } from "../facts";
import type { Labels } from "../labels";

/** One object as it was read, for a write that holds only for that state. */
export interface ReadObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly annotations: Labels;
  readonly labels: Labels;
}

/** A workload as it was read just before something may be done for it. */
export interface Target extends ReadObject {
  readonly replicas: number;
  readonly generation: number;
  readonly observedGeneration: number;
  /** Of its status: all pods, those of the newest template, those Ready, those available. */
  readonly counts: {
    readonly all: number;
    readonly updated: number;
    readonly ready: number;
    readonly available: number;
  };
  readonly overdue: boolean;
  readonly paused: boolean;
  readonly strategy: string;
  readonly maxSurge?: number | string;
  readonly gitOps?: WorkloadFact["gitOps"];
  /** Its claims that only one node at a time can hold. */
  readonly exclusiveClaims: readonly string[];
  readonly scalers: readonly Scaler[];
}

/** What sets the number of pods of a workload by itself. */
export interface Scaler extends ReadObject {
  readonly kind: "HorizontalPodAutoscaler" | "ScaledObject";
  /** Absent = not written: the least that its kind allows. */
  readonly minimum?: number;
  readonly maximum: number;
  readonly gitOps?: WorkloadFact["gitOps"];
}

/** What is scaled to get more pods: the workload itself, or the minimum of what scales it. */
export interface Holder extends ReadObject {
  readonly value?: number;
  /** Who would set it back. */
  readonly gitOps?: WorkloadFact["gitOps"];
  readonly maximum?: number;
}

const holderOf = (scaler: Scaler): Holder => {
  const { minimum, ...rest } = scaler;
  return minimum === undefined ? rest : { ...rest, value: minimum };
};

/** Undefined when several things scale it: nobody can say which of them would win. */
export const findHolder = (target: Target): Holder | undefined => {
  const [first, ...more] = target.scalers;
  if (first === undefined) return { ...target, value: target.replicas };
  return more.length === 0 ? holderOf(first) : undefined;
};

import type { PodFact } from "../facts";

/** What is wrong with a pod that was made since the start. */
export interface Ailment {
  readonly kind: "trouble" | "fallen" | "unschedulable";
  readonly pod: string;
  /** Its workload; absent while its owner is not known. */
  readonly workload?: string;
  readonly reason: string;
  readonly since: number;
}

type Diagnosis = Pick<Ailment, "kind" | "reason">;

/** A Job's failed pod stays as the record of one try, also when the next one goes well. */
const isOver = ({ phase, owner }: PodFact): boolean =>
  phase === "Succeeded" || (phase === "Failed" && owner?.kind === "Job");

/** Undefined for a pod that is well, or has not had time to be. */
export const diagnose = (pod: PodFact, wasReady: boolean): Diagnosis | undefined => {
  if (pod.deletingSince !== undefined || pod.ready || isOver(pod)) return undefined;
  if (pod.trouble !== undefined) return { kind: "trouble", reason: pod.trouble };
  if (pod.phase === "Failed") return { kind: "trouble", reason: "Failed" };
  if (wasReady) return { kind: "fallen", reason: "no longer Ready" };
  return pod.unschedulable === undefined ? undefined : { kind: "unschedulable", reason: pod.unschedulable };
};

import type { RefusalCode } from "../refusalCode";
import type { PodRef } from "../situation";
import type { SurgeRecord } from "../surgeRecord";
import type { SurgeRoom } from "../surgeRoom";
import type { Target } from "../target";

/** A pod of the Deployment. */
export interface FirstPod extends PodRef {
  readonly blue: boolean;
  readonly ready: boolean;
  /** Being deleted, or finished: it counts for nothing. */
  readonly gone: boolean;
  /** It bears our deletion cost. */
  readonly marked: boolean;
}

export interface FirstFacts {
  readonly target: Target;
  readonly pods: readonly FirstPod[];
  /** How many more pods of it there can be now. */
  readonly room: SurgeRoom;
  /** Whether the Deployment is opted in by its own name. */
  readonly named: boolean;
  /** When this run first looked at it. */
  readonly since: number;
  readonly run: string;
  readonly now: number;
}

export type FirstStep =
  /** Number and record in one write. */
  | { readonly kind: "scale"; readonly to: number; readonly record: SurgeRecord; readonly why: string }
  /** Only the record is written: the number is not touched. */
  | { readonly kind: "record"; readonly record: SurgeRecord }
  | { readonly kind: "mark"; readonly pods: readonly FirstPod[] }
  | {
      readonly kind: "wait";
      readonly code: string;
      readonly why: string;
      readonly until?: number;
      /** Only another look at the Deployment can end it: no watch tells. */
      readonly looks?: true;
    }
  /** None is left on blue: record and marks go. */
  | { readonly kind: "done" }
  /** Record and marks go, the number stays as it is, and what is left on blue goes by eviction. */
  | { readonly kind: "leave"; readonly code: RefusalCode; readonly why: string };

/** How long the successors may take to get Ready, and the blue pods to go. */
export const FIRST_PATIENCE_MS = 600_000;

export const presentPods = ({ pods }: FirstFacts): readonly FirstPod[] => pods.filter(({ gone }) => !gone);

export const bluePods = (facts: FirstFacts): readonly FirstPod[] =>
  presentPods(facts).filter(({ blue }) => blue);

export const unmarkedPods = (facts: FirstFacts): readonly FirstPod[] =>
  bluePods(facts).filter(({ marked }) => !marked);

export const greenPods = (facts: FirstFacts): readonly FirstPod[] =>
  presentPods(facts).filter(({ blue }) => !blue);

export const leave = (code: RefusalCode, why: string): FirstStep => ({ kind: "leave", code, why });

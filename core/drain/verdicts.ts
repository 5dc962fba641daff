import type { PodFact } from "./facts";
import type { DrainRules } from "./state";

/**
 * Why a pod is not simply moved. `code` is stable and listed in the docs. `until` (milliseconds) is when time alone
 * makes the verdict another one.
 */
export type PodVerdict =
  | { readonly kind: "move" }
  | (Said & { readonly kind: "ignore" | "block" })
  /** On its way out already: nothing to do but wait. */
  | (Said & { readonly kind: "wait"; readonly until: number })
  /** Never evicted: the run waits until the pod has done its work. */
  | (Said & { readonly kind: "waitCompleted"; readonly until?: number });

interface Said {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

/** Something its owner should know about a pod that is moved all the same. */
export type PodWarning = Said;

/** A set or the keys of a table. */
export type Known = Pick<ReadonlySet<string>, "has">;

export interface FilterContext {
  readonly now: number;
  readonly rules: DrainRules;
  /** The run keeps blue nodes cordoned. */
  readonly cordon: boolean;
  /** Uids of the DaemonSets that exist; absent = every named one is taken to exist. */
  readonly daemonSets?: Known;
  /** Claims (`namespace/name`) whose volume is bound to one node. */
  readonly localClaims?: Known;
}

export interface PodFilter {
  readonly name: string;
  readonly judge: (pod: PodFact, context: FilterContext) => PodVerdict | undefined;
  /** What is to be said about the pod even when it moves. */
  readonly warn?: (pod: PodFact, context: FilterContext) => PodWarning | undefined;
}

export const ignore = (code: string, message: string): PodVerdict => ({
  kind: "ignore",
  code,
  message,
  fix: "",
});

export const block = (code: string, message: string, fix: string): PodVerdict => ({
  kind: "block",
  code,
  message,
  fix,
});

/** True for pods that keep their node from being empty: they would go down with it. */
export const isResident = (verdict: PodVerdict): boolean =>
  verdict.kind === "move" || verdict.kind === "block" || verdict.kind === "waitCompleted";

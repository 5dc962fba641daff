import type { LabelSelector } from "../core/drain/labels";
import {
  projectConditions,
  projectNamespacedMeta,
  type Condition,
  type NamespacedMeta,
  type RawCondition,
  type RawMeta,
} from "./meta";

/** A PodDisruptionBudget. */
export interface BudgetView extends NamespacedMeta {
  /** Absent matches no pod; empty matches every pod of the namespace. */
  readonly selector: LabelSelector | undefined;
  readonly minAvailable: string | number | undefined;
  readonly maxUnavailable: string | number | undefined;
  readonly unhealthyPodEvictionPolicy: "IfHealthyBudget" | "AlwaysAllow";
  readonly generation: number;
  readonly observedGeneration: number;
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  /** Evicted pods that the controller has not yet seen go, with the time of the eviction. */
  readonly disruptedPods: Readonly<Record<string, string>>;
  readonly conditions: readonly Condition[];
}

interface RawBudgetSpec {
  readonly selector?: LabelSelector;
  readonly minAvailable?: string | number;
  readonly maxUnavailable?: string | number;
  readonly unhealthyPodEvictionPolicy?: "IfHealthyBudget" | "AlwaysAllow";
}

interface RawBudgetStatus {
  readonly observedGeneration?: number;
  readonly disruptionsAllowed?: number;
  readonly currentHealthy?: number;
  readonly desiredHealthy?: number;
  readonly expectedPods?: number;
  readonly disruptedPods?: Readonly<Record<string, string>>;
  readonly conditions?: readonly RawCondition[];
}

interface RawBudget {
  readonly metadata?: RawMeta;
  readonly spec?: RawBudgetSpec;
  readonly status?: RawBudgetStatus;
}

type SpecPart = "selector" | "minAvailable" | "maxUnavailable" | "unhealthyPodEvictionPolicy";

const projectSpec = (spec: RawBudgetSpec): Pick<BudgetView, SpecPart> => ({
  selector: spec.selector,
  minAvailable: spec.minAvailable,
  maxUnavailable: spec.maxUnavailable,
  unhealthyPodEvictionPolicy: spec.unhealthyPodEvictionPolicy ?? "IfHealthyBudget",
});

const NOT_YET_COUNTED = {
  observedGeneration: 0,
  disruptionsAllowed: 0,
  currentHealthy: 0,
  desiredHealthy: 0,
  expectedPods: 0,
  disruptedPods: {},
};

export const projectBudget = (raw: unknown): BudgetView => {
  const { metadata, spec = {}, status = {} } = raw as RawBudget;
  return {
    ...NOT_YET_COUNTED,
    ...status,
    ...projectNamespacedMeta(metadata),
    ...projectSpec(spec),
    generation: metadata?.generation ?? 0,
    conditions: projectConditions(status.conditions),
  };
};

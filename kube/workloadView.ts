import type { LabelSelector } from "../core/drain/labels";
import {
  controllerOf,
  projectConditions,
  projectNamespacedMeta,
  type Condition,
  type NamespacedMeta,
  type OwnerRef,
  type RawCondition,
  type RawMeta,
} from "./meta";

export type WorkloadKind =
  "Deployment" | "ReplicaSet" | "StatefulSet" | "DaemonSet" | "ReplicationController" | "Job";

/** What makes pods, in one shape for all kinds. Counts are pods; a Job's wish is what it runs at a time. */
export interface WorkloadView extends NamespacedMeta {
  readonly kind: WorkloadKind;
  readonly desired: number;
  readonly replicas: number;
  readonly ready: number;
  readonly available: number;
  readonly updated: number;
  readonly generation: number;
  readonly observedGeneration: number;
  readonly selector: LabelSelector | undefined;
  readonly owner: OwnerRef | undefined;
  readonly conditions: readonly Condition[];
  readonly strategy: unknown;
  readonly paused: boolean;
  /** A Job that fails for good when one of its pods is evicted. */
  readonly failsByEviction: boolean;
  /** Field managers that wrote to it, by name, sorted: shows whether GitOps owns it. */
  readonly managers: readonly string[];
}

interface RawFailureRule {
  readonly action?: string;
  readonly onPodConditions?: readonly { readonly type?: string; readonly status?: string }[];
}

interface RawWorkloadSpec {
  readonly replicas?: number;
  readonly parallelism?: number;
  readonly completions?: number;
  readonly suspend?: boolean;
  readonly paused?: boolean;
  readonly backoffLimit?: number;
  readonly podFailurePolicy?: { readonly rules?: readonly RawFailureRule[] };
  readonly selector?: LabelSelector | Readonly<Record<string, string>>;
  readonly strategy?: unknown;
  readonly updateStrategy?: unknown;
}

interface RawWorkloadStatus {
  readonly replicas?: number;
  readonly readyReplicas?: number;
  readonly availableReplicas?: number;
  readonly updatedReplicas?: number;
  readonly observedGeneration?: number;
  readonly desiredNumberScheduled?: number;
  readonly currentNumberScheduled?: number;
  readonly numberReady?: number;
  readonly numberAvailable?: number;
  readonly updatedNumberScheduled?: number;
  readonly active?: number;
  readonly ready?: number;
  readonly succeeded?: number;
  readonly conditions?: readonly RawCondition[];
}

interface RawWorkload {
  readonly metadata?: RawMeta;
  readonly spec?: RawWorkloadSpec;
  readonly status?: RawWorkloadStatus;
}

type Counts = Pick<WorkloadView, "desired" | "replicas" | "ready" | "available" | "updated">;
type Count = (spec: RawWorkloadSpec, status: RawWorkloadStatus) => Counts;

const countReplicas: Count = (spec, status) => ({
  desired: spec.replicas ?? 1,
  replicas: status.replicas ?? 0,
  ready: status.readyReplicas ?? 0,
  available: status.availableReplicas ?? 0,
  updated: status.updatedReplicas ?? 0,
});

const countDaemons: Count = (_spec, status) => ({
  desired: status.desiredNumberScheduled ?? 0,
  replicas: status.currentNumberScheduled ?? 0,
  ready: status.numberReady ?? 0,
  available: status.numberAvailable ?? 0,
  updated: status.updatedNumberScheduled ?? 0,
});

const wantedOfJob = (spec: RawWorkloadSpec, succeeded: number): number => {
  if (spec.suspend === true) return 0;
  const left = (spec.completions ?? Infinity) - succeeded;
  return Math.max(0, Math.min(spec.parallelism ?? 1, left));
};

const countJob: Count = (spec, { active = 0, ready = 0, succeeded = 0 }) => ({
  desired: wantedOfJob(spec, succeeded),
  replicas: active,
  ready,
  available: ready,
  updated: active,
});

const COUNTS: Readonly<Record<WorkloadKind, Count>> = {
  Deployment: countReplicas,
  ReplicaSet: countReplicas,
  StatefulSet: countReplicas,
  ReplicationController: countReplicas,
  DaemonSet: countDaemons,
  Job: countJob,
};

const managersOf = (metadata: RawMeta | undefined): readonly string[] => {
  const names = (metadata?.managedFields ?? []).flatMap(field => field.manager ?? []);
  return [...new Set(names)].sort();
};

/** A ReplicationController's selector is a bare map of labels. */
const selectorOf = (kind: WorkloadKind, spec: RawWorkloadSpec): LabelSelector | undefined =>
  kind === "ReplicationController"
    ? { matchLabels: (spec.selector ?? {}) as Readonly<Record<string, string>> }
    : spec.selector;

const sparesEvicted = ({ action, onPodConditions = [] }: RawFailureRule): boolean =>
  action === "Ignore" && onPodConditions.some(({ type }) => type === "DisruptionTarget");

/** An eviction counts as a failed attempt unless the Job's policy says otherwise. */
const failsByEviction = (kind: WorkloadKind, { backoffLimit, podFailurePolicy }: RawWorkloadSpec): boolean =>
  kind === "Job" && backoffLimit === 0 && !(podFailurePolicy?.rules ?? []).some(sparesEvicted);

/** The projection for one kind: list items do not say their kind themselves. */
export const projectWorkload =
  (kind: WorkloadKind) =>
  (raw: unknown): WorkloadView => {
    const { metadata, spec = {}, status = {} } = raw as RawWorkload;
    return {
      ...projectNamespacedMeta(metadata),
      ...COUNTS[kind](spec, status),
      kind,
      generation: metadata?.generation ?? 0,
      observedGeneration: status.observedGeneration ?? 0,
      selector: selectorOf(kind, spec),
      owner: controllerOf(metadata),
      conditions: projectConditions(status.conditions),
      strategy: spec.strategy ?? spec.updateStrategy,
      paused: spec.paused === true,
      failsByEviction: failsByEviction(kind, spec),
      managers: managersOf(metadata),
    };
  };

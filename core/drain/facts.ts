import type { Labels, LabelSelector } from "./labels";

/**
 * What the engine knows about the cluster: slim, plain, readonly. One fact per live object, projected from the API
 * object at the edge. Times are milliseconds since the epoch, by the clock that also fills `now` in events.
 */
export interface PodFact {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  /** Absent while the pod is not bound. */
  readonly node?: string;
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly phase: "Pending" | "Running" | "Succeeded" | "Failed" | "Unknown";
  readonly ready: boolean;
  readonly createdAt: number;
  /** When the deletion was asked for; the API server's deletionTimestamp minus the grace period. */
  readonly deletingSince?: number;
  readonly graceSeconds: number;
  readonly mirror: boolean;
  readonly owner?: OwnerFact;
  readonly tolerations: readonly Toleration[];
  /** True when an emptyDir on disk or a hostPath dies with the pod's place. */
  readonly localStorage: boolean;
  /** Why a container does not run: the reason of its waiting or of its last end, e.g. CrashLoopBackOff. */
  readonly trouble?: string;
  /** It makes room for a pod of higher priority. */
  readonly preempted?: boolean;
  /** The scheduler's own words while it finds no node. */
  readonly unschedulable?: string;
  /** Name of its priority class. */
  readonly priorityClass?: string;
  /** When its kubelet took it up. */
  readonly startedAt?: number;
  /** Names of its persistent volume claims. */
  readonly claims?: readonly string[];
  /** Names of its volumes on the node's own disk. */
  readonly localVolumes?: readonly string[];
}

export interface OwnerFact {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export interface Toleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: string;
}

/** A PodDisruptionBudget. */
export interface BudgetFact {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly resourceVersion: string;
  readonly selector?: LabelSelector;
  readonly alwaysAllowUnhealthy: boolean;
  /** False while the controller has not looked at the newest spec. */
  readonly observed: boolean;
  readonly allowed: number;
  readonly expected: number;
  readonly healthy: number;
  readonly needed: number;
  readonly minAvailable?: number | string;
  readonly maxUnavailable?: number | string;
  readonly disruptedPods: readonly string[];
  /** The controller's words when it could not count. */
  readonly syncFailed?: string;
}

/** What owns pods and says how many it wants: ReplicaSet, Deployment, StatefulSet, Job. */
export interface WorkloadFact {
  readonly uid: string;
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** Pods it wants to run at the same time, now. */
  readonly desired: number;
  readonly owner?: OwnerFact;
  /** A Job that fails for good when one of its pods is evicted. */
  readonly failsByEviction?: boolean;
  /** Who else would set its fields back. */
  readonly gitOps?: "Argo CD" | "Flux";
  readonly labels?: Labels;
  /** What its owner allows to be done for it when it cannot be evicted: the text of its annotation. */
  readonly ladder?: string;
}

export interface NodeFact {
  readonly uid: string;
  readonly name: string;
  readonly labels: Labels;
  readonly ready: boolean;
  readonly cordoned: boolean;
  readonly taints: readonly Taint[];
  /** True when our own mark and the record of the state before it are on the node. */
  readonly fenced: boolean;
  /** When it was asked out of external load balancers, by us; 0 = by somebody else, absent = not at all. */
  readonly leftBalancersAt?: number;
}

/** A VolumeAttachment: a volume that a node holds, or lets go of only now. */
export interface AttachmentFact {
  readonly uid: string;
  readonly name: string;
  readonly node: string;
  /** `namespace/name` of the claim whose volume it is; absent = not known. */
  readonly claim?: string;
}

export interface DaemonSetFact {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
}

/** A PersistentVolume. */
export interface VolumeFact {
  readonly uid: string;
  readonly name: string;
  /** `namespace/name` of the claim that it is bound to; absent = to none. */
  readonly claim?: string;
  /** True when its data lies on one node's own disk. */
  readonly local: boolean;
}

export type ChangedObject =
  | { readonly kind: "pod"; readonly fact: PodFact }
  | { readonly kind: "budget"; readonly fact: BudgetFact }
  | { readonly kind: "workload"; readonly fact: WorkloadFact }
  | { readonly kind: "node"; readonly fact: NodeFact }
  | { readonly kind: "attachment"; readonly fact: AttachmentFact }
  | { readonly kind: "daemonSet"; readonly fact: DaemonSetFact }
  | { readonly kind: "volume"; readonly fact: VolumeFact };

/** One word from a watch, in the order it came. */
export type Change =
  | { readonly type: "set"; readonly object: ChangedObject }
  | { readonly type: "gone"; readonly kind: ChangedObject["kind"]; readonly uid: string }
  /** All that exist have been told: from now on one that is not known does not exist. */
  | { readonly type: "listed"; readonly kind: "daemonSet" };

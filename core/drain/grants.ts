import { NAMES } from "../identity/names";

/** What a run may do, in RBAC's words. The check before a run and the shipped ClusterRole are both made of this table. */
export interface Grant {
  /** The core group is the empty text. */
  readonly group: string;
  /** `resource` or `resource/subresource`. */
  readonly resource: string;
  readonly verbs: readonly string[];
  /** Absent = cluster-wide. */
  readonly namespace?: string;
  /** Only these objects. */
  readonly names?: readonly string[];
  /** What is left out where it is missing; absent = nothing can be done without it. */
  readonly without?: string;
}

const watched = (group: string, ...resources: readonly string[]): readonly Grant[] =>
  resources.map(resource => ({ group, resource, verbs: ["list", "watch"] }));

const looked = (group: string, resource: string, without: string): Grant => ({
  group,
  resource,
  verbs: ["list"],
  without,
});

const inOurs = (grant: Omit<Grant, "namespace">): Grant => ({ ...grant, namespace: NAMES.namespace });

/** The least with which every flag of `changeover drain` works once the namespace of its records exists. */
export const DRAIN_GRANTS: readonly Grant[] = [
  { group: "", resource: "nodes", verbs: ["get", "list", "watch", "patch"] },
  ...watched("", "pods"),
  { group: "", resource: "pods/eviction", verbs: ["create"] },
  { group: "", resource: "namespaces", verbs: ["get"], names: [NAMES.namespace] },
  {
    group: "",
    resource: "persistentvolumes",
    verbs: ["list", "watch"],
    without: "volumes that tie a pod to its node or zone are not seen",
  },
  looked("", "services", "load balancers are not looked at"),
  ...watched("policy", "poddisruptionbudgets"),
  ...watched("apps", "deployments", "replicasets", "statefulsets"),
  looked("apps", "daemonsets", "pods of a DaemonSet that is gone are not told from others"),
  ...watched("batch", "jobs"),
  {
    group: "storage.k8s.io",
    resource: "volumeattachments",
    verbs: ["list", "watch"],
    without: "volumes that still hang on an emptied node are not waited for",
  },
  looked("storage.k8s.io", "csinodes", "how many volumes a node can hold is not looked at"),
  inOurs({ group: "", resource: "configmaps", verbs: ["get", "list", "watch"] }),
  inOurs({ group: "coordination.k8s.io", resource: "leases", verbs: ["create"] }),
  inOurs({
    group: "coordination.k8s.io",
    resource: "leases",
    verbs: ["get", "patch"],
    names: [NAMES.lease],
  }),
];

/** Needed as well while that namespace does not exist; the shipped YAML makes it instead. */
export const FIRST_RUN_GRANT: Grant = { group: "", resource: "namespaces", verbs: ["create"] };

/** More, for the ladder of blocked workloads: only where workloads or namespaces opt in to it. */
export const LADDER_GRANTS: readonly Grant[] = [
  { group: "apps", resource: "deployments", verbs: ["get", "patch"] },
  { group: "", resource: "pods", verbs: ["get", "patch", "delete"] },
  { group: "", resource: "events", verbs: ["create"] },
  { group: "", resource: "persistentvolumeclaims", verbs: ["list"] },
  { group: "autoscaling", resource: "horizontalpodautoscalers", verbs: ["get", "list", "patch"] },
  { group: "keda.sh", resource: "scaledobjects", verbs: ["get", "list", "patch"] },
];

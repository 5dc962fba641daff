import { NAMES } from "../identity/names";
import { LADDER_WISHES, type LadderWish } from "./ladder/rules";

/** A group that most clusters do not serve. */
export const KEDA = "keda.sh";

/** What a run may do, in RBAC's words. The check before a run and the shipped ClusterRole are made of the same tables. */
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
  {
    group: "apps",
    resource: "daemonsets",
    verbs: ["list", "watch"],
    without: "pods of a DaemonSet that is gone are not told from others",
  },
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

interface LadderRight extends Omit<Grant, "verbs"> {
  /** Each verb with what needs it. */
  readonly verbs: Readonly<Record<string, readonly LadderWish[]>>;
}

const SCALING: readonly LadderWish[] = ["surge", "rollout-restart", "surge-first"];

const LADDER_RIGHTS: readonly LadderRight[] = [
  { group: "apps", resource: "deployments", verbs: { get: SCALING, patch: SCALING } },
  {
    group: "",
    resource: "pods",
    verbs: {
      get: ["evict-unhealthy", "surge-first"],
      patch: ["surge-first"],
      delete: ["evict-unhealthy", "force"],
    },
  },
  {
    group: "",
    resource: "events",
    verbs: { create: LADDER_WISHES },
    without: "what the ladder does is told here only, not as Events",
  },
  { group: "", resource: "persistentvolumeclaims", verbs: { list: SCALING } },
  {
    group: "",
    resource: "resourcequotas",
    verbs: { list: SCALING },
    without: "a surge or a rollout that a ResourceQuota stops is not foreseen",
  },
  {
    group: "autoscaling",
    resource: "horizontalpodautoscalers",
    verbs: { get: ["surge"], list: SCALING, patch: ["surge"] },
  },
  { group: KEDA, resource: "scaledobjects", verbs: { get: ["surge"], list: SCALING, patch: ["surge"] } },
];

/** What a run may do beside evicting. */
export interface Extras {
  /** The ladder for blocked workloads, as far as it is allowed. */
  readonly ladder?: readonly LadderWish[];
  /** Emptied nodes may be given up. */
  readonly deleteEmptyNodes?: boolean;
}

const GIVING_UP: Grant = { group: "", resource: "nodes", verbs: ["delete"] };

const ladderGrants = (wishes: readonly LadderWish[]): readonly Grant[] =>
  LADDER_RIGHTS.map(({ verbs, ...right }) => ({
    ...right,
    verbs: Object.entries(verbs)
      .filter(([, needs]) => needs.some(wish => wishes.includes(wish)))
      .map(([verb]) => verb),
  })).filter(({ verbs }) => verbs.length > 0);

/** The least rights for such a run. */
export const grantsFor = ({ ladder = [], deleteEmptyNodes }: Extras = {}): readonly Grant[] => [
  ...DRAIN_GRANTS,
  ...(deleteEmptyNodes === true ? [GIVING_UP] : []),
  ...ladderGrants(ladder),
];

/** Flags of `changeover drain rbac` that print these rights. */
export const rbacFlagsFor = ({ ladder = [], deleteEmptyNodes }: Extras): readonly string[] => [
  ...(ladder.length > 0 ? ["--ladder"] : []),
  ...(deleteEmptyNodes === true ? ["--delete-empty-nodes"] : []),
];

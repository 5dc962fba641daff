import type { Carried } from "../../core/handover/inventory";
import { type Collection, collectionPath, type KubeClient, KINDS, listAll } from "../../kube";

interface Raw {
  readonly metadata: { readonly name: string; readonly ownerReferences?: readonly unknown[] };
  readonly spec?: { readonly replicas?: number; readonly type?: string; readonly suspend?: boolean };
  readonly status?: {
    readonly availableReplicas?: number;
    readonly desiredNumberScheduled?: number;
    readonly numberAvailable?: number;
    readonly phase?: string;
    readonly loadBalancer?: { readonly ingress?: readonly unknown[] };
  };
}

type Fields = Pick<Carried, "replicas" | "waits" | "recurs">;

interface Row {
  readonly kind: string;
  readonly collection: Collection;
  /** What of it counts; absent = all of it. */
  readonly counts?: (raw: Raw) => boolean;
  readonly read?: (raw: Raw) => Fields;
  readonly fieldSelector?: string;
}

const plain = (group: string, plural: string): Collection => ({ group, version: "v1", plural });

const scaled = ({ spec, status }: Raw): Fields => ({
  replicas: { wanted: spec?.replicas ?? 1, serving: status?.availableReplicas ?? 0 },
});

const everywhere = ({ status }: Raw): Fields => ({
  replicas: { wanted: status?.desiredNumberScheduled ?? 0, serving: status?.numberAvailable ?? 0 },
});

const reachable = ({ spec, status }: Raw): Fields =>
  spec?.type === "LoadBalancer" && (status?.loadBalancer?.ingress ?? []).length === 0
    ? { waits: "an address" }
    : {};

const recurring = ({ spec }: Raw): Fields => (spec?.suspend === true ? {} : { recurs: true });

const bound = ({ status }: Raw): Fields => (status?.phase === "Bound" ? {} : { waits: "its volume" });

/** Also those that something else made: an operator's Deployment serves as any other. */
const SERVING: readonly Row[] = [
  { kind: "Deployment", collection: KINDS.deployments, read: scaled },
  { kind: "StatefulSet", collection: KINDS.statefulSets, read: scaled },
  { kind: "DaemonSet", collection: KINDS.daemonSets, read: everywhere },
];

const isOurs = ({ metadata }: Raw): boolean => (metadata.ownerReferences ?? []).length === 0;

/** What a controller made it makes again; these are in every namespace anyway. */
const named =
  (...except: readonly string[]) =>
  (raw: Raw): boolean =>
    isOurs(raw) && !except.includes(raw.metadata.name);

const RECURRING: Row = {
  kind: "CronJob",
  collection: plain("batch", "cronjobs"),
  counts: isOurs,
  read: recurring,
};

const OTHERS: readonly Row[] = [
  RECURRING,
  { kind: "Service", collection: KINDS.services, counts: isOurs, read: reachable },
  { kind: "Ingress", collection: plain("networking.k8s.io", "ingresses"), counts: isOurs },
  { kind: "NetworkPolicy", collection: plain("networking.k8s.io", "networkpolicies"), counts: isOurs },
  { kind: "ConfigMap", collection: KINDS.configMaps, counts: named("kube-root-ca.crt") },
  {
    kind: "Secret",
    collection: plain("", "secrets"),
    counts: isOurs,
    // Helm's own records, and tokens that each cluster makes for itself.
    fieldSelector: "type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token",
  },
  { kind: "PersistentVolumeClaim", collection: KINDS.claims, read: bound },
  { kind: "ServiceAccount", collection: plain("", "serviceaccounts"), counts: named("default") },
  { kind: "Role", collection: plain("rbac.authorization.k8s.io", "roles"), counts: isOurs },
  { kind: "RoleBinding", collection: plain("rbac.authorization.k8s.io", "rolebindings"), counts: isOurs },
  { kind: "HorizontalPodAutoscaler", collection: KINDS.autoscalers, counts: isOurs },
  { kind: "PodDisruptionBudget", collection: KINDS.budgets, counts: isOurs },
];

/** What serves in these namespaces, and how many of it. */
export const readServing = (
  kube: KubeClient,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly Carried[]> => readRows(kube, { rows: SERVING, namespaces }, signal);

/** What starts work by the clock in these namespaces. */
export const readRecurring = (
  kube: KubeClient,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly Carried[]> => readRows(kube, { rows: [RECURRING], namespaces }, signal);

/** All that traffic needs in these namespaces. Values of Secrets are not kept. */
export const readInventory = (
  kube: KubeClient,
  namespaces: readonly string[],
  signal: AbortSignal,
): Promise<readonly Carried[]> => readRows(kube, { rows: [...SERVING, ...OTHERS], namespaces }, signal);

const readRows = async (
  kube: KubeClient,
  { rows, namespaces }: { readonly rows: readonly Row[]; readonly namespaces: readonly string[] },
  signal: AbortSignal,
): Promise<readonly Carried[]> => {
  const lists = namespaces.flatMap(namespace => rows.map(row => readRow(kube, { row, namespace }, signal)));
  return (await Promise.all(lists)).flat();
};

const readRow = async (
  kube: KubeClient,
  { row, namespace }: { readonly row: Row; readonly namespace: string },
  signal: AbortSignal,
): Promise<readonly Carried[]> => {
  const query = row.fieldSelector === undefined ? {} : { fieldSelector: row.fieldSelector };
  const { items } = await listAll<Raw>(kube, collectionPath(row.collection, namespace), { signal, query });
  return items
    .filter(raw => row.counts?.(raw) ?? true)
    .map(raw => ({ kind: row.kind, namespace, name: raw.metadata.name, ...row.read?.(raw) }));
};

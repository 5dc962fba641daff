import type { KubeQuery } from "./client";

const part = encodeURIComponent;

/** A collection of a group and version, in one namespace or in all. The core group is the empty text. */
export interface Collection {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
}

export const collectionPath = (kind: Collection, namespace?: string): string => {
  const root = kind.group === "" ? `/api/${kind.version}` : `/apis/${kind.group}/${kind.version}`;
  const scope = namespace === undefined ? "" : `/namespaces/${part(namespace)}`;
  return `${root}${scope}/${kind.plural}`;
};

const collection = (group: string, plural: string, version = "v1"): Collection => ({
  group,
  version,
  plural,
});

export const KINDS = {
  nodes: collection("", "nodes"),
  pods: collection("", "pods"),
  namespaces: collection("", "namespaces"),
  configMaps: collection("", "configmaps"),
  events: collection("", "events"),
  quotas: collection("", "resourcequotas"),
  claims: collection("", "persistentvolumeclaims"),
  volumes: collection("", "persistentvolumes"),
  services: collection("", "services"),
  replicationControllers: collection("", "replicationcontrollers"),
  deployments: collection("apps", "deployments"),
  replicaSets: collection("apps", "replicasets"),
  statefulSets: collection("apps", "statefulsets"),
  daemonSets: collection("apps", "daemonsets"),
  jobs: collection("batch", "jobs"),
  budgets: collection("policy", "poddisruptionbudgets"),
  leases: collection("coordination.k8s.io", "leases"),
  attachments: collection("storage.k8s.io", "volumeattachments"),
  csiNodes: collection("storage.k8s.io", "csinodes"),
  priorityClasses: collection("scheduling.k8s.io", "priorityclasses"),
  autoscalers: collection("autoscaling", "horizontalpodautoscalers", "v2"),
  endpointSlices: collection("discovery.k8s.io", "endpointslices"),
} as const satisfies Record<string, Collection>;

export interface ObjectRef {
  readonly namespace: string;
  readonly name: string;
}

export const objectPath = (kind: Collection, ref: ObjectRef): string =>
  `${collectionPath(kind, ref.namespace)}/${part(ref.name)}`;

export const clusterObjectPath = (kind: Collection, name: string): string =>
  `${collectionPath(kind)}/${part(name)}`;

export const nodePath = (name: string): string => clusterObjectPath(KINDS.nodes, name);
export const namespacePath = (name: string): string => clusterObjectPath(KINDS.namespaces, name);
export const podPath = (ref: ObjectRef): string => objectPath(KINDS.pods, ref);
export const evictionPath = (ref: ObjectRef): string => `${podPath(ref)}/eviction`;
export const configMapPath = (ref: ObjectRef): string => objectPath(KINDS.configMaps, ref);
export const leasePath = (ref: ObjectRef): string => objectPath(KINDS.leases, ref);

/** Path and query below the origin; a server behind a path prefix (Rancher, some proxies) keeps its prefix. */
export const urlOf = (server: string, path: string, query: KubeQuery = {}): string => {
  const prefix = new URL(server).pathname.replace(/\/+$/, "");
  const search = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== undefined) search.set(key, String(value));
  }
  const text = search.toString();
  return `${prefix}${path}${text === "" ? "" : `?${text}`}`;
};

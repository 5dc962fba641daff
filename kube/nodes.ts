import type { KubeClient } from "./client";
import { retrySwap, type SwapOptions } from "./compareAndSwap";
import { isKubeError } from "./kubeError";
import { listProjected } from "./list";
import { projectNode, type NodeView, type Taint } from "./nodeView";
import { collectionPath, KINDS, nodePath } from "./paths";

interface Stop {
  readonly signal?: AbortSignal | undefined;
}

export interface NodeFilter extends Stop {
  readonly labels?: Readonly<Record<string, string>>;
}

/** Labels as a `labelSelector` query; undefined asks for all. */
export const labelQuery = (labels: Readonly<Record<string, string>> = {}): string | undefined => {
  const parts = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return parts.length === 0 ? undefined : parts.sort().join(",");
};

/** Nodes that bear all the labels, sorted by name. */
export const listNodes = async (kube: KubeClient, filter: NodeFilter = {}): Promise<readonly NodeView[]> => {
  const query = { labelSelector: labelQuery(filter.labels) };
  const path = collectionPath(KINDS.nodes);
  const { items } = await listProjected(kube, { path, query, project: projectNode, signal: filter.signal });
  return [...items].sort((a, b) => a.name.localeCompare(b.name));
};

export const readNode = async (
  kube: KubeClient,
  name: string,
  { signal }: Stop = {},
): Promise<NodeView | undefined> => {
  try {
    return projectNode(await kube.request({ method: "GET", path: nodePath(name), signal }));
  } catch (error) {
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};

/** What the cloud calls the node's machine; "" while it has no name for it, undefined = there is no such node. */
export const readProviderId = async (kube: KubeClient, name: string): Promise<string | undefined> => {
  try {
    const raw = await kube.request<{ spec?: { providerID?: string } }>({
      method: "GET",
      path: nodePath(name),
    });
    return raw.spec?.providerID ?? "";
  } catch (error) {
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};

/** What is to be different. `null` takes a label or annotation away; taints are the whole list. */
export interface NodeChange {
  readonly unschedulable?: boolean;
  readonly taints?: readonly Taint[];
  readonly labels?: Readonly<Record<string, string | null>>;
  readonly annotations?: Readonly<Record<string, string | null>>;
}

const sameTaints = (a: readonly Taint[], b: readonly Taint[]): boolean =>
  a.length === b.length && JSON.stringify(a) === JSON.stringify(b);

const hasAll = (
  now: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string | null>> = {},
): boolean => Object.entries(wanted).every(([key, value]) => (now[key] ?? null) === value);

const isAlready = (node: NodeView, change: NodeChange): boolean =>
  (change.unschedulable ?? node.unschedulable) === node.unschedulable &&
  sameTaints(change.taints ?? node.taints, node.taints) &&
  hasAll(node.labels, change.labels) &&
  hasAll(node.annotations, change.annotations);

/** Null instead of false or an empty list: the state of a node nobody touched is absence, and it is given back so. */
const specOf = ({ unschedulable, taints }: NodeChange): object => ({
  ...(unschedulable === undefined ? {} : { unschedulable: unschedulable || null }),
  ...(taints === undefined ? {} : { taints: taints.length === 0 ? null : taints }),
});

const bodyOf = (node: NodeView, change: NodeChange): object => ({
  metadata: {
    uid: node.uid,
    resourceVersion: node.resourceVersion,
    ...(change.labels === undefined ? {} : { labels: change.labels }),
    ...(change.annotations === undefined ? {} : { annotations: change.annotations }),
  },
  spec: specOf(change),
});

/**
 * Changes one node by what it is now: `decide` sees the newest state, and the write holds only for that state, so two
 * writers never lose each other's taints. "same" when nothing was to do, "gone" when there is no such node.
 */
export const patchNode = (
  kube: KubeClient,
  name: string,
  ...[decide, options = {}]: readonly [(node: NodeView) => NodeChange, SwapOptions?]
): Promise<"changed" | "same" | "gone"> => {
  const { signal } = options;
  return retrySwap(async () => {
    const node = await readNode(kube, name, { signal });
    if (node === undefined) return "gone";
    const change = decide(node);
    if (isAlready(node, change)) return "same";
    await kube.request({ method: "PATCH", path: nodePath(name), body: bodyOf(node, change), signal });
    return "changed";
  }, options);
};

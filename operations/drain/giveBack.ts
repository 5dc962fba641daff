import { isSelected, type NodeSelector } from "../../core/drain/scope";
import { ANNOTATION } from "../../core/identity/names";
import {
  collectionPath,
  KINDS,
  type KubeCall,
  type KubeClient,
  listNodes,
  type NodeChange,
  type NodeView,
  projectNode,
} from "../../kube";
import { type FenceReport, openFence, planOpen } from "./fence";

/** Nodes that bear our record of what they were before, sorted. */
export const markedNodes = (nodes: readonly NodeView[], selector: NodeSelector): readonly string[] =>
  nodes
    .filter(node => isSelected(node, selector) && node.annotations[ANNOTATION.prior] !== undefined)
    .map(({ name }) => name)
    .sort();

/**
 * Gives the nodes back as they were recorded: cordon, taint and record go, what others set stays. Pods that moved stay
 * where they are. The caller holds the lease. Run again it does what is left; nothing left is success.
 */
export const giveBack = async (
  kube: KubeClient,
  selector: NodeSelector,
  signal?: AbortSignal,
): Promise<FenceReport> => openFence(kube, markedNodes(await listNodes(kube, { signal }), selector), signal);

interface RawNode {
  readonly metadata?: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: object;
}

const merged = (
  annotations: Readonly<Record<string, string>> = {},
  change: NodeChange["annotations"] = {},
): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries({ ...annotations, ...change }).flatMap(([key, value]) =>
      value === null ? [] : [[key, value]],
    ),
  );

const opened = (raw: unknown): unknown => {
  const node = raw as RawNode;
  const { annotations, taints, unschedulable } = planOpen(projectNode(raw));
  return {
    ...node,
    metadata: { ...node.metadata, annotations: merged(node.metadata?.annotations, annotations) },
    spec: { ...node.spec, taints, ...(unschedulable === undefined ? {} : { unschedulable }) },
  };
};

const isNodeList = ({ method, path }: KubeCall): boolean =>
  method === "GET" && path === collectionPath(KINDS.nodes);

interface RawList {
  readonly items?: readonly unknown[] | null;
}

/**
 * The cluster as it will look once these nodes are given back, for a plan that is made before anything changes. Only
 * lists of nodes are seen so; everything else passes unchanged.
 */
export const asGivenBack = (kube: KubeClient, selector: NodeSelector): KubeClient => {
  const open = (raw: unknown): unknown => (isSelected(projectNode(raw), selector) ? opened(raw) : raw);
  return {
    server: kube.server,
    watch: call => kube.watch(call),
    close: () => kube.close(),
    request: async <T>(call: KubeCall): Promise<T> => {
      const answer = await kube.request<T>(call);
      if (!isNodeList(call)) return answer;
      const list = answer as RawList;
      return { ...list, items: (list.items ?? []).map(open) } as T;
    },
  };
};

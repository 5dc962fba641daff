import { LABEL } from "../../core/identity/names";
import type { ObservedCluster, ObservedNode, ObservedVersion } from "../../core/upgrade/rules";
import { isVirtual, type KubeClient, listNodes, type NodeView, readVersion } from "../../kube";
import { readLedger } from "../ledger/store";

/** The live cluster as the rules want it: version served, every Node object, the ledger. */
export const observeCluster = async (
  kube: KubeClient,
  signal: AbortSignal,
  /** Where the caller needs them, too. */
  nodes: Promise<readonly NodeView[]> = listNodes(kube, { signal }),
): Promise<ObservedCluster> => {
  const [version, listed, ledger] = await Promise.all([
    observeVersion(kube, signal),
    nodes,
    readLedger(kube, signal),
  ]);
  return { version, nodes: listed.map(observeNode), ledger };
};

/** What the API server says of itself; with emulation, which minor it serves. */
export const observeVersion = async (kube: KubeClient, signal: AbortSignal): Promise<ObservedVersion> => {
  const { binary, emulated } = await readVersion(kube, { signal });
  return emulated === undefined ? { binary } : { binary, emulated };
};

const observeNode = (node: NodeView): ObservedNode => ({
  name: node.name,
  kubelet: node.kubeletVersion,
  ready: node.ready,
  schedulable: !node.unschedulable,
  ...(isVirtual(node) ? { virtual: true } : {}),
  ...part("pool", node.labels[LABEL.pool]),
  ...part("generation", node.labels[LABEL.generation]),
});

const part = <K extends string>(key: K, value: string | undefined): { [P in K]?: string } =>
  value === undefined ? {} : ({ [key]: value } as { [P in K]?: string });

import { LABEL } from "../../core/identity/names";
import type { Problem } from "../../core/problem";
import { matchesVersion } from "../../core/version/kubeVersion";
import { type KubeClient, listNodes, type NodeView } from "../../kube";
import type { Ports } from "../ports";
import { waitFor } from "../wait";
import { type Devices, missingDevices } from "./devices";

export interface AwaitedNodes {
  readonly generation: string;
  /** The kubelet version they must report: "1.36" or "1.36.4". */
  readonly version: string;
  readonly size: number;
  readonly expects?: Devices;
  readonly timeoutSeconds: number;
  /** Said when time is up. */
  readonly problem: (missing: string) => Problem;
}

/** Waits until the generation has that many nodes and every one of them can run pods. */
export const awaitNodes = (
  ports: Ports,
  wanted: AwaitedNodes,
  signal: AbortSignal,
): Promise<readonly NodeView[]> =>
  waitFor(() => look(ports.kube, wanted, signal), {
    ...{ now: ports.now, log: ports.log, signal },
    deadlineSeconds: wanted.timeoutSeconds,
    problem: wanted.problem,
  });

const look = async (
  kube: KubeClient,
  { generation, version, size, expects }: AwaitedNodes,
  signal: AbortSignal,
): Promise<{ done: readonly NodeView[] } | { missing: string }> => {
  const nodes = await listNodes(kube, { signal, labels: { [LABEL.generation]: generation } });
  const unfit = nodes
    .flatMap(node => [...whyUnfit(node, version), ...missingDevices(node, expects)].slice(0, 1))
    .sort();
  if (nodes.length >= size && unfit.length === 0) return { done: nodes };
  const named = unfit.length === 0 ? "" : `: ${unfit.slice(0, 3).join("; ")}${unfit.length > 3 ? "; …" : ""}`;
  const fit = nodes.length - unfit.length;
  return {
    missing: `${String(fit)} of ${String(size)} nodes of ${generation} Ready at ${version}${named}`,
  };
};

const whyUnfit = (node: NodeView, version: string): string[] => {
  if (!node.ready) return [`${node.name} is not Ready`];
  if (!matchesVersion(node.kubeletVersion, version))
    return [`${node.name} runs kubelet ${node.kubeletVersion}`];
  return node.allocatable.cpuMillis > 0 ? [] : [`${node.name} has no allocatable cpu yet`];
};

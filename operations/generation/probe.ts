import { LABEL, NAMES, TAINT } from "../../core/identity/names";
import type { Problem } from "../../core/problem";
import { ensureNamespace, KubeError, type KubeClient, listAll } from "../../kube";
import type { Ports } from "../ports";
import { waitFor } from "../wait";

export interface ProbeWanted {
  readonly pool: string;
  readonly generation: string;
  readonly nodes: readonly string[];
  /** Keys of the taints that config gives the pool's nodes; absent = none. */
  readonly taintKeys?: readonly string[];
  readonly timeoutSeconds: number;
}

const LABEL_PROBE = "changeover.dev/probe";
/** On the way back the nodes still carry our cordon; whether they run pods is asked before it is lifted. */
const CORDONED = "node.kubernetes.io/unschedulable";
/** Put on nodes by clouds, for good: GKE's on GPUs, AKS's on spot machines. Those of a node's start are not among them. */
const BY_CLOUDS = ["nvidia.com/gpu", "kubernetes.azure.com/scalesetpriority"];
const IMAGE = "registry.k8s.io/pause:3.10";
const PODS = `/api/v1/namespaces/${NAMES.namespace}/pods`;

/**
 * One pod a node through the scheduler: the only thing that tolerates the unproven taint must become Ready there. What
 * workloads of the pool have to tolerate anyway it tolerates, too; any other taint is a reason why the node is not ready.
 * It asks for no device: on the way back, and in a wave, the pool's own pods may hold them all.
 */
export const probeNodes = async (ports: Ports, wanted: ProbeWanted, signal: AbortSignal): Promise<void> => {
  await ensureNamespace(ports.kube, NAMES.namespace, { signal });
  try {
    await Promise.all(wanted.nodes.map(node => createProbe(ports.kube, { ...wanted, node }, signal)));
    await waitFor(() => lookAtProbes(ports.kube, wanted, signal), {
      now: ports.now,
      log: ports.log,
      signal,
      deadlineSeconds: wanted.timeoutSeconds,
      problem: missing => notStarted(wanted, missing),
    });
  } finally {
    await removeProbes(ports.kube, wanted);
  }
};

const createProbe = async (
  kube: KubeClient,
  { node, generation, taintKeys = [] }: Omit<ProbeWanted, "nodes"> & { readonly node: string },
  signal: AbortSignal,
): Promise<void> => {
  try {
    await kube.request({ method: "POST", path: PODS, body: probePod(node, generation, taintKeys), signal });
  } catch (error) {
    const leftFromEarlier = error instanceof KubeError && error.status === 409;
    if (!leftFromEarlier) throw error;
  }
};

const probePod = (node: string, generation: string, taintKeys: readonly string[]) => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: `probe-${node}`, labels: { [LABEL_PROBE]: generation } },
  spec: {
    nodeSelector: { [LABEL.generation]: generation, "kubernetes.io/hostname": node },
    tolerations: [
      ...[TAINT.unproven.key, CORDONED].map(key => ({ key, operator: "Exists", effect: "NoSchedule" })),
      ...[...new Set([...taintKeys, ...BY_CLOUDS])].map(key => ({ key, operator: "Exists" })),
    ],
    terminationGracePeriodSeconds: 1,
    restartPolicy: "Never",
    containers: [{ name: "probe", image: IMAGE, resources: { requests: { cpu: "1m", memory: "1Mi" } } }],
  },
});

interface Probe {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly conditions?: readonly {
      readonly type: string;
      readonly status: string;
      readonly message?: string;
    }[];
  };
}

const lookAtProbes = async (
  kube: KubeClient,
  wanted: ProbeWanted,
  signal: AbortSignal,
): Promise<{ done: true } | { missing: string }> => {
  const selector = `${LABEL_PROBE}=${wanted.generation}`;
  const { items } = await listAll<Probe>(kube, PODS, { query: { labelSelector: selector }, signal });
  const waiting = items.filter(pod => !has(pod, "Ready")).map(pod => `${pod.metadata.name}${whyNot(pod)}`);
  if (waiting.length === 0 && items.length >= wanted.nodes.length) return { done: true };
  return {
    missing: `${String(waiting.length)} probe pods to be Ready: ${waiting.sort().slice(0, 3).join(", ")}`,
  };
};

const condition = (pod: Probe, type: string) => pod.status?.conditions?.find(entry => entry.type === type);

const has = (pod: Probe, type: string): boolean => condition(pod, type)?.status === "True";

const whyNot = (pod: Probe): string => {
  const scheduled = condition(pod, "PodScheduled");
  return scheduled?.status === "False" ? ` (${scheduled.message ?? "not scheduled"})` : "";
};

/** Runs on the way out, even when cancelled: a probe left behind would sit on green for ever. */
const removeProbes = async (kube: KubeClient, { generation }: ProbeWanted): Promise<void> => {
  const query = { labelSelector: `${LABEL_PROBE}=${generation}`, gracePeriodSeconds: 0 };
  await kube.request({ method: "DELETE", path: PODS, query }).catch((error: unknown) => {
    if (!(error instanceof KubeError)) throw error;
  });
};

const notStarted = (wanted: ProbeWanted, missing: string): Problem => ({
  code: "GenerationGate.ProbeNotReady",
  path: `pools.${wanted.pool}`,
  message: `${wanted.generation} can't run a pod on each node: still waiting for ${missing}`,
  fix: "look at `kubectl describe` of the named probe and node; the old generation is untouched",
});

import { collectionPath, isKubeError, KINDS, type KubeClient } from "../../kube";
import { SIMULATED } from "../simulator/annotations";

const NAME = "virtual-node";
/** As AKS's virtual nodes have it on clusters of much newer minors: what the provider was compiled with. */
const VERSION = "v1.19.10-vk-azure-aci-1.4.8";
/** Nobody runs out of somebody else's machines. */
const ROOM = { cpu: "10k", memory: "4Ti", pods: "5k" };

/**
 * A node as virtual-kubelet registers it (virtual-kubelet/virtual-kubelet, cmd/virtual-kubelet/commands/root/node.go):
 * its label, its taint, more room than any machine. Simulated like all nodes of the lab: no provider is behind it.
 */
const body = {
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name: NAME,
    labels: {
      type: "virtual-kubelet",
      "kubernetes.io/role": "agent",
      "kubernetes.io/hostname": NAME,
      "kubernetes.io/os": "linux",
      [SIMULATED]: "true",
    },
    annotations: { "lab.changeover.dev/note": "not a machine, nor a provider's API: simulated by kwok" },
  },
  spec: { taints: [{ key: "virtual-kubelet.io/provider", value: "simulated", effect: "NoSchedule" }] },
  status: {
    ...{ capacity: ROOM, allocatable: ROOM, addresses: [{ type: "Hostname", address: NAME }] },
    nodeInfo: {
      ...{ kubeletVersion: VERSION, kubeProxyVersion: "", osImage: "simulated (changeover lab)" },
      ...{ kernelVersion: "simulated", containerRuntimeVersion: "", operatingSystem: "linux" },
      ...{ architecture: "amd64", machineID: NAME, systemUUID: NAME, bootID: NAME },
    },
  },
};

/** There already is done. */
export const ensureVirtualNode = async (kube: KubeClient): Promise<void> => {
  try {
    await kube.request({ method: "POST", path: collectionPath(KINDS.nodes), body });
  } catch (error) {
    if (!isKubeError(error) || error.reason !== "AlreadyExists") throw error;
  }
};

import { collectionPath, isKubeError, KINDS, type KubeClient, nodePath } from "../../../kube";
import { withLabKube } from "../../pools/converge";
import { machineIdOf } from "./machineId";
import { SIMULATED } from "../../simulator/annotations";

/** How a kubelet registers its machine. */
export interface Registration {
  readonly name: string;
  readonly kubelet: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly object[];
}

const RESOURCES = { cpu: "4", memory: "8Gi", pods: "110", "ephemeral-storage": "100Gi" };

const body = ({ name, kubelet, labels, taints }: Registration): object => ({
  apiVersion: "v1",
  kind: "Node",
  metadata: {
    name,
    labels: {
      "kubernetes.io/arch": "amd64",
      "kubernetes.io/os": "linux",
      "kubernetes.io/hostname": name,
      ...labels,
      [SIMULATED]: "true",
    },
    annotations: { "lab.changeover.dev/note": "not a machine: simulated by kwok" },
  },
  spec: { taints },
  status: {
    capacity: RESOURCES,
    allocatable: RESOURCES,
    nodeInfo: {
      ...{ kubeletVersion: `v${kubelet}`, kubeProxyVersion: "", osImage: "simulated (changeover lab)" },
      ...{ kernelVersion: "simulated", containerRuntimeVersion: "simulated://1.0.0" },
      ...{ operatingSystem: "linux", architecture: "amd64" },
      ...{ machineID: machineIdOf(name), systemUUID: name, bootID: name },
    },
    addresses: [{ type: "Hostname", address: name }],
  },
});

/** There already is done. */
export const registerNode = (lab: string, node: Registration): Promise<void> =>
  withLabKube(lab, async kube => {
    try {
      await kube.request({ method: "POST", path: collectionPath(KINDS.nodes), body: body(node) });
    } catch (error) {
      if (!isKubeError(error) || error.reason !== "AlreadyExists") throw error;
    }
  });

/** A kubelet that starts says its version, if the machine is a node. */
export const reportKubelet = (lab: string, name: string, kubelet: string): Promise<void> =>
  withLabKube(lab, kube =>
    unlessGone(() =>
      kube.request({
        method: "PATCH",
        path: `${nodePath(name)}/status`,
        patch: "merge",
        body: { status: { nodeInfo: { kubeletVersion: `v${kubelet}` } } },
      }),
    ),
  );

export const unlessGone = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!isKubeError(error, "notFound")) throw error;
  }
};

export const deleteNode = (kube: KubeClient, name: string): Promise<void> =>
  unlessGone(() => kube.request({ method: "DELETE", path: nodePath(name) }));

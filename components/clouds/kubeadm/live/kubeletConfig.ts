import { isKubeError, type KubeClient, readConfigMap } from "../../../../kube";

/** What kubeadm gives each machine that joins, as far as a machine can stand against it. */
export interface KubeletConfig {
  readonly failsOnSwap: boolean;
  readonly systemdCgroup: boolean;
  /** Thresholds of eviction are kubelet's defaults. */
  readonly defaultEviction: boolean;
}

const WHERE = { namespace: "kube-system", name: "kubelet-config" };

/**
 * Undefined = it may not be read, or is not there. Defaults: failSwapOn and evictionHard of the kubelet
 * (https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/), cgroupDriver of kubeadm
 * (https://kubernetes.io/docs/tasks/administer-cluster/kubeadm/configure-cgroup-driver/).
 */
export const readKubeletConfig = async (
  kube: KubeClient,
  signal: AbortSignal,
): Promise<KubeletConfig | undefined> => {
  try {
    const text = (await readConfigMap(kube, WHERE, { signal }))?.data["kubelet"];
    return text === undefined ? undefined : parse(text);
  } catch (error) {
    if (isKubeError(error, "forbidden")) return undefined;
    throw error;
  }
};

const parse = (text: string): KubeletConfig => ({
  failsOnSwap: !/^failSwapOn: *false$/m.test(text),
  systemdCgroup: !/^cgroupDriver: *"?cgroupfs/m.test(text),
  defaultEviction: !/^evictionHard:/m.test(text),
});

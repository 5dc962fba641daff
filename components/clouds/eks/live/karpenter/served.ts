import type { Problem } from "../../../../../core/problem";
import type { KubeClient } from "../../../../../kube";
import { readObject } from "./objects";

/** NodePool and NodeClaim are v1 since Karpenter 1.0, which is also the first that pins by EC2NodeClass v1. */
const NEEDED = ["/apis/karpenter.sh/v1", "/apis/karpenter.k8s.aws/v1"];

/** Whether the cluster has the API of an AWS Karpenter that speaks v1. */
export const servesKarpenter = async (kube: KubeClient, signal: AbortSignal): Promise<boolean> => {
  const found = await Promise.all(NEEDED.map(path => readObject(kube, path, signal)));
  return found.every(one => one !== undefined);
};

export const notInstalled = (pool: string): Problem => ({
  code: "Karpenter.NotInstalled",
  path: `pools.${pool}.karpenter`,
  message: `the cluster does not serve ${NEEDED.map(path => path.replace("/apis/", "")).join(" and ")}; there is no Karpenter that could make machines for the pool`,
  fix: "make the cluster with a managed node group first, install Karpenter on it, then add this pool",
  source: "https://karpenter.sh/docs/getting-started/",
});

import { isKubeError, type KubeClient, listAll } from "../../../../../kube";
import type { MachineTemplate, PoolBounds } from "../../protocol";

/* Objects of Karpenter as the API server has them. */

interface Meta {
  readonly name: string;
  readonly uid: string;
  readonly resourceVersion: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly deletionTimestamp?: string;
  readonly creationTimestamp?: string;
}

export interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

export interface LiveNodePool {
  readonly metadata: Meta;
  readonly spec: Partial<PoolBounds> & { readonly template: MachineTemplate };
}

export interface LiveNodeClass {
  readonly metadata: Meta;
  readonly status?: { readonly conditions?: readonly Condition[] };
}

export interface LiveNodeClaim {
  readonly metadata: Meta;
  readonly spec?: { readonly expireAfter?: string };
  readonly status?: { readonly nodeName?: string; readonly conditions?: readonly Condition[] };
}

export const PATH = {
  pools: "/apis/karpenter.sh/v1/nodepools",
  claims: "/apis/karpenter.sh/v1/nodeclaims",
  classes: "/apis/karpenter.k8s.aws/v1/ec2nodeclasses",
} as const;

/** On every NodeClaim and node that Karpenter made for a NodePool (karpenter.sh/docs/concepts/nodeclaims). */
export const NODE_POOL = "karpenter.sh/nodepool";

/** As other writers see who changed a field. */
export const MANAGER = { fieldManager: "changeover" } as const;

/** undefined = there is none, or no Karpenter at all. */
export const readObject = async <T>(
  kube: KubeClient,
  path: string,
  signal: AbortSignal,
): Promise<T | undefined> => {
  try {
    return await kube.request<T>({ method: "GET", path, signal });
  } catch (error) {
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};

export const readPool = (
  kube: KubeClient,
  name: string,
  signal: AbortSignal,
): Promise<LiveNodePool | undefined> => readObject(kube, `${PATH.pools}/${name}`, signal);

/** Claims of one NodePool, or of all, also those on their way out. */
export const listClaims = async (
  kube: KubeClient,
  pool: string | undefined,
  signal: AbortSignal,
): Promise<readonly LiveNodeClaim[]> => {
  const query = pool === undefined ? {} : { labelSelector: `${NODE_POOL}=${pool}` };
  return (await listAll<LiveNodeClaim>(kube, PATH.claims, { query, signal })).items;
};

/** Gone is done. */
export const deleteObject = async (kube: KubeClient, path: string, signal: AbortSignal): Promise<void> => {
  try {
    await kube.request({ method: "DELETE", path, signal, repeatable: true });
  } catch (error) {
    if (!isKubeError(error, "notFound")) throw error;
  }
};

export const leaves = ({ metadata }: { readonly metadata: Meta }): boolean =>
  metadata.deletionTimestamp !== undefined;

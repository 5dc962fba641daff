import { isKubeError, type KubeClient, listAll } from "../../../../kube";

export interface Meta {
  readonly name: string;
  readonly uid: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly finalizers?: readonly string[];
  readonly deletionTimestamp?: string;
  readonly creationTimestamp?: string;
}

export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

export interface ClaimSpec {
  readonly nodeClassRef: { readonly name: string };
  readonly requirements: readonly { readonly key: string; readonly values?: readonly string[] }[];
  readonly taints?: readonly Taint[];
  readonly expireAfter?: string;
}

export interface NodeClaim {
  readonly metadata: Meta;
  readonly spec: ClaimSpec;
  readonly status?: {
    readonly nodeName?: string;
    readonly conditions?: readonly { readonly type: string; readonly lastTransitionTime?: string }[];
  };
}

export interface Node {
  readonly metadata: Meta;
  readonly spec: { readonly taints?: readonly Taint[] };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export interface NodePool {
  readonly metadata: Meta;
  readonly spec: {
    readonly template: {
      readonly metadata?: { readonly labels?: Readonly<Record<string, string>> };
      readonly spec: ClaimSpec;
    };
    readonly limits?: Readonly<Record<string, string>>;
    readonly disruption?: {
      readonly consolidateAfter?: string;
      readonly budgets?: readonly { readonly nodes: string }[];
    };
  };
}

export interface NodeClass {
  readonly metadata: Meta;
  readonly spec: {
    readonly amiSelectorTerms: readonly { readonly name?: string }[];
    readonly subnetSelectorTerms: readonly { readonly id?: string }[];
  };
  readonly status?: { readonly conditions?: readonly object[] };
}

export const PATH = {
  pools: "/apis/karpenter.sh/v1/nodepools",
  claims: "/apis/karpenter.sh/v1/nodeclaims",
  classes: "/apis/karpenter.k8s.aws/v1/ec2nodeclasses",
  pods: "/api/v1/pods",
  nodes: "/api/v1/nodes",
} as const;

export const NODE_POOL = "karpenter.sh/nodepool";

/** All that one round looks at. */
export interface Seen {
  readonly pools: readonly NodePool[];
  readonly claims: readonly NodeClaim[];
  readonly classes: readonly NodeClass[];
  readonly pods: readonly Pod[];
  readonly nodes: readonly Node[];
}

export interface Pod {
  readonly metadata: Meta & {
    readonly namespace: string;
    readonly ownerReferences?: readonly { readonly kind: string }[];
  };
  readonly spec: {
    readonly nodeName?: string;
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly tolerations?: readonly { readonly key?: string; readonly operator?: string }[];
  };
  readonly status?: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly reason?: string }[];
  };
}

export const look = async (kube: KubeClient, signal: AbortSignal): Promise<Seen> => {
  const list = async <T>(path: string): Promise<readonly T[]> =>
    (await listAll<T>(kube, path, { signal })).items;
  const [pools, claims, classes, pods, nodes] = await Promise.all([
    list<NodePool>(PATH.pools),
    list<NodeClaim>(PATH.claims),
    list<NodeClass>(PATH.classes),
    list<Pod>(PATH.pods),
    list<Node>(PATH.nodes),
  ]);
  return { pools, claims, classes, pods, nodes };
};

export const nodeOf = (name: string, { nodes }: Seen): Node | undefined =>
  nodes.find(({ metadata }) => metadata.name === name);

export const isReady = ({ status }: Node): boolean =>
  status?.conditions?.some(one => one.type === "Ready" && one.status === "True") === true;

/** Gone is done. */
export const ifThere = async (work: () => Promise<unknown>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    if (!isKubeError(error, "notFound")) throw error;
  }
};

export const ofPool = (pool: NodePool, claims: readonly NodeClaim[]): readonly NodeClaim[] =>
  claims.filter(({ metadata }) => metadata.labels?.[NODE_POOL] === pool.metadata.name);

/** Pods of DaemonSets neither make a node nor keep it. */
export const isDaemons = ({ metadata }: Pod): boolean =>
  metadata.ownerReferences?.some(({ kind }) => kind === "DaemonSet") === true;

export const podsOn = (node: string | undefined, { pods }: Seen): readonly Pod[] =>
  pods.filter(
    pod =>
      node !== undefined &&
      pod.spec.nodeName === node &&
      !isDaemons(pod) &&
      !["Succeeded", "Failed"].includes(pod.status?.phase ?? ""),
  );

import { type KubeClient, listAll } from "../../kube";

/** A Deployment of the tests, with a budget when `maxUnavailable` is given. */
export interface DeploymentWish {
  readonly name: string;
  readonly replicas: number;
  readonly maxUnavailable?: number;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly nodeSelector?: Readonly<Record<string, string>>;
  readonly tolerations?: readonly { readonly key: string; readonly operator: "Exists" }[];
  readonly cpu?: string;
}

const NAMESPACE = "default";

const apply = (kube: KubeClient, path: string, body: object): Promise<unknown> =>
  kube.request({ method: "PATCH", patch: "apply", path, query: { fieldManager: "test", force: true }, body });

/** Applies the Deployment and its budget; the same wish twice changes nothing. */
export const applyDeployment = async (kube: KubeClient, wish: DeploymentWish): Promise<void> => {
  const labels = { app: wish.name };
  await apply(kube, `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${wish.name}`, {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: wish.name },
    spec: {
      replicas: wish.replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations: wish.annotations ?? {} }, spec: podSpec(wish) },
    },
  });
  if (wish.maxUnavailable !== undefined) await applyBudget(kube, wish.name, wish.maxUnavailable);
};

const podSpec = (wish: DeploymentWish): object => ({
  terminationGracePeriodSeconds: 2,
  ...(wish.nodeSelector === undefined ? {} : { nodeSelector: wish.nodeSelector }),
  ...(wish.tolerations === undefined ? {} : { tolerations: wish.tolerations }),
  containers: [
    {
      name: "app",
      image: "registry.k8s.io/pause:3.10",
      resources: { requests: { cpu: wish.cpu ?? "100m" } },
    },
  ],
});

/** Changes how many pods the Deployment has, and waits until the others are gone. */
export const scaleDeployment = async (kube: KubeClient, name: string, replicas: number): Promise<void> => {
  const path = `/apis/apps/v1/namespaces/${NAMESPACE}/deployments/${name}`;
  await kube.request({ method: "PATCH", patch: "merge", path, body: { spec: { replicas } } });
  await waitUntil(`${name} has ${replicas} pods`, async () => {
    const { items } = await listAll<RawPod>(kube, `/api/v1/namespaces/${NAMESPACE}/pods`, {
      query: { labelSelector: `app=${name}` },
    });
    return items.length === replicas ? items : undefined;
  });
};

/** A pod, without an owner, that only one node can run, cordoned or not: nothing can move it elsewhere. */
export const applyStrandedPod = async (
  kube: KubeClient,
  { name, node }: { readonly name: string; readonly node: string },
): Promise<void> => {
  await apply(kube, `/api/v1/namespaces/${NAMESPACE}/pods/${name}`, {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, labels: { app: name } },
    spec: {
      ...podSpec({ name, replicas: 1, nodeSelector: { "kubernetes.io/hostname": node } }),
      tolerations: [{ key: "node.kubernetes.io/unschedulable", operator: "Exists" }],
    },
  });
  await untilReady(kube, name, 1);
};

export const removePod = async (kube: KubeClient, name: string): Promise<void> => {
  await kube.request({ method: "DELETE", path: `/api/v1/namespaces/${NAMESPACE}/pods/${name}` });
  await waitUntil(`${name} is gone`, async () =>
    (await podsOf(kube, name)).length === 0 ? true : undefined,
  );
};

/** A budget over the Deployment's pods. */
export const applyBudget = async (kube: KubeClient, name: string, maxUnavailable: number): Promise<void> => {
  await apply(kube, `/apis/policy/v1/namespaces/${NAMESPACE}/poddisruptionbudgets/${name}`, {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: { name },
    spec: { maxUnavailable, selector: { matchLabels: { app: name } } },
  });
};

interface RawPod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly deletionTimestamp?: string };
  readonly spec: { readonly nodeName?: string };
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

export interface Placed {
  readonly name: string;
  readonly uid: string;
  readonly node: string;
  readonly ready: boolean;
}

/** Where the pods of an app run; terminating ones left out. */
export const podsOf = async (kube: KubeClient, app: string): Promise<readonly Placed[]> => {
  const { items } = await listAll<RawPod>(kube, `/api/v1/namespaces/${NAMESPACE}/pods`, {
    query: { labelSelector: `app=${app}` },
  });
  return items
    .filter(pod => pod.metadata.deletionTimestamp === undefined)
    .map(({ metadata, spec, status }) => ({
      name: metadata.name,
      uid: metadata.uid,
      node: spec.nodeName ?? "",
      ready:
        status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True") ?? false,
    }));
};

/** Looks until there is an answer, for at most a minute. */
const waitUntil = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  const end = Date.now() + 60_000;
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > end) throw new Error(`not within a minute: ${what}`);
    await new Promise(resolve => setTimeout(resolve, 200));
  }
};

/** Waits until `replicas` pods of the app are Ready. */
export const untilReady = (kube: KubeClient, app: string, replicas: number): Promise<readonly Placed[]> =>
  waitUntil(`${app} has ${replicas} Ready pods`, async () => {
    const pods = await podsOf(kube, app);
    return pods.filter(pod => pod.ready).length >= replicas ? pods : undefined;
  });

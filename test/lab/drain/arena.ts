import {
  collectionPath,
  KINDS,
  type KubeClient,
  listAll,
  listNodes,
  listProjected,
  nodePath,
  type NodeView,
  type PodView,
  projectPod,
  startReflector,
} from "../../../kube";
import { SIMULATED } from "../../../lab/simulator/annotations";

/** A corner of the lab for one test: its own nodes and namespace; pods are tied to these nodes. */
export interface Arena {
  readonly kube: KubeClient;
  readonly name: string;
  readonly blue: readonly string[];
  readonly green: readonly string[];
}

export interface WorkloadWish {
  readonly name: string;
  readonly kind?: "Deployment" | "StatefulSet" | "DaemonSet";
  readonly replicas?: number;
  readonly budget?: { readonly minAvailable?: number; readonly maxUnavailable?: number };
  readonly annotations?: Readonly<Record<string, string>>;
  readonly graceSeconds?: number;
  readonly cpu?: string;
}

const DEADLINE_MS = 120_000;
/** Many cases look at one server at once: looking more often makes it slower than it saves. */
const LOOK_MS = 200;

/** Looks again until there is an answer: nothing in these tests sleeps for a fixed time. */
export const until = async <T>(
  what: string,
  look: () => Promise<T | undefined> | T | undefined,
): Promise<T> => {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`gave up waiting for ${what}`);
    await new Promise(resolve => setTimeout(resolve, LOOK_MS));
  }
};

const allocatable = { cpu: "8", memory: "16Gi", pods: "110" };

export const createNode = (
  arena: Pick<Arena, "kube" | "name">,
  name: string,
  color: string,
): Promise<unknown> =>
  arena.kube.request({
    method: "POST",
    path: collectionPath(KINDS.nodes),
    body: {
      metadata: {
        name,
        labels: { [SIMULATED]: "true", arena: arena.name, color, "kubernetes.io/hostname": name },
      },
      status: { allocatable, capacity: allocatable },
    },
  });

export const readRawNode = (kube: KubeClient, name: string): Promise<RawNode> =>
  kube.request<RawNode>({ method: "GET", path: nodePath(name) });

export interface RawNode {
  readonly metadata: {
    readonly labels: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
  readonly spec: { readonly unschedulable?: boolean; readonly taints?: readonly { readonly key: string }[] };
}

/** Everything a fence may touch; what the platform's own controllers write is left out. */
export const nodeState = async (kube: KubeClient, name: string): Promise<object> => {
  const { metadata, spec } = await readRawNode(kube, name);
  const taints = (spec.taints ?? []).filter(({ key }) => !key.startsWith("node.kubernetes.io/"));
  return {
    labels: metadata.labels,
    annotations: metadata.annotations ?? {},
    unschedulable: spec.unschedulable,
    taints,
  };
};

/** The taint of a node that has just come goes a moment after it is Ready; until then nobody may be placed there. */
const mayTakePods = ({ ready, taints }: NodeView): boolean =>
  ready && !taints.some(({ key }) => key === "node.kubernetes.io/not-ready");

const untilNodesReady = (
  { kube, name: arena }: Pick<Arena, "kube" | "name">,
  names: readonly string[],
): Promise<true> =>
  until("ready nodes", async () => {
    const ready = (await listNodes(kube, { labels: { arena } })).filter(mayTakePods).map(({ name }) => name);
    return names.every(name => ready.includes(name)) ? true : undefined;
  });

const ensureServiceAccount = (kube: KubeClient, namespace: string): Promise<unknown> =>
  kube
    .request({
      method: "POST",
      path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
      body: { metadata: { name: "default" } },
    })
    .catch(() => undefined);

/** Green comes later, by `openGreen`: so everything starts on blue. */
export const openArena = async (kube: KubeClient, name: string, blue: number): Promise<Arena> => {
  await kube.request({ method: "POST", path: "/api/v1/namespaces", body: { metadata: { name } } });
  await ensureServiceAccount(kube, name);
  const arena = {
    kube,
    name,
    blue: Array.from({ length: blue }, (_, index) => `${name}-blue-${index}`),
    green: [],
  };
  await Promise.all(arena.blue.map(node => createNode(arena, node, "blue")));
  await untilNodesReady(arena, arena.blue);
  return arena;
};

export const openGreen = async (arena: Arena, count: number): Promise<Arena> => {
  const green = Array.from({ length: count }, (_, index) => `${arena.name}-green-${index}`);
  await Promise.all(green.map(node => createNode(arena, node, "green")));
  await untilNodesReady(arena, green);
  return { ...arena, green };
};

/** Leaves nothing that the next test could meet. */
export const closeArena = async (arena: Arena): Promise<void> => {
  const { kube, name } = arena;
  await kube.request({ method: "DELETE", path: `/api/v1/namespaces/${name}` });
  await kube.request({
    method: "DELETE",
    path: collectionPath(KINDS.nodes),
    query: { labelSelector: `arena=${name}` },
  });
};

const podSpec = (arena: Arena, wish: WorkloadWish): object => ({
  nodeSelector: { arena: arena.name },
  terminationGracePeriodSeconds: wish.graceSeconds ?? 2,
  containers: [{ name: "app", image: "app:1", resources: { requests: { cpu: wish.cpu ?? "50m" } } }],
});

const KIND_PATH = {
  Deployment: KINDS.deployments,
  StatefulSet: KINDS.statefulSets,
  DaemonSet: KINDS.daemonSets,
};

export const createWorkload = async (arena: Arena, wish: WorkloadWish): Promise<void> => {
  const { kind = "Deployment", name, replicas = 1 } = wish;
  const labels = { app: name };
  const body = {
    metadata: { name },
    spec: {
      ...(kind === "DaemonSet" ? {} : { replicas }),
      ...(kind === "StatefulSet" ? { podManagementPolicy: "Parallel", serviceName: name } : {}),
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations: wish.annotations ?? {} }, spec: podSpec(arena, wish) },
    },
  };
  await arena.kube.request({ method: "POST", path: collectionPath(KIND_PATH[kind], arena.name), body });
  if (wish.budget !== undefined) await createBudget(arena, name, wish.budget, name);
};

export const createBudget = (
  arena: Arena,
  ...[name, budget, app]: readonly [string, object, string]
): Promise<unknown> =>
  arena.kube.request({
    method: "POST",
    path: collectionPath(KINDS.budgets, arena.name),
    body: { metadata: { name }, spec: { ...budget, selector: { matchLabels: { app } } } },
  });

/** A pod bound to a node by hand, as a scheduler that had not heard of the cordon would. */
export const bindPod = (
  arena: Arena,
  wish: { name: string; node: string; owner?: object },
): Promise<unknown> =>
  arena.kube.request({
    method: "POST",
    path: collectionPath(KINDS.pods, arena.name),
    body: {
      metadata: {
        name: wish.name,
        labels: { app: wish.name },
        ...(wish.owner === undefined ? {} : { ownerReferences: [wish.owner] }),
      },
      spec: { ...podSpec(arena, wish), nodeName: wish.node },
    },
  });

export const podsOf = async (arena: Arena): Promise<readonly PodView[]> =>
  (await listProjected(arena.kube, { path: collectionPath(KINDS.pods, arena.name), project: projectPod }))
    .items;

export const untilReady = (arena: Arena, count: number): Promise<readonly PodView[]> =>
  until(`${count} ready pods`, async () => {
    const pods = (await podsOf(arena)).filter(pod => pod.ready && pod.deletionTimestamp === undefined);
    return pods.length >= count ? pods : undefined;
  });

/** Budgets are counted by a controller of its own, a moment after the pods. */
export const untilCounted = (arena: Arena, budgets: number): Promise<true> =>
  until("counted budgets", async () => {
    const { items } = await listAll<{ status?: { expectedPods?: number; currentHealthy?: number } }>(
      arena.kube,
      collectionPath(KINDS.budgets, arena.name),
    );
    const counted = items.filter(
      ({ status = {} }) => (status.expectedPods ?? 0) > 0 && status.currentHealthy === status.expectedPods,
    );
    return counted.length >= budgets ? true : undefined;
  });

/** Its own watch: how low each app went, and how many pods of it there ever were. */
export interface Monitor {
  readonly lowest: (app: string) => number;
  readonly births: (app: string) => number;
  readonly stop: () => void;
}

export const startMonitor = async (arena: Arena): Promise<Monitor> => {
  const stop = new AbortController();
  const lowest = new Map<string, number>();
  const births = new Map<string, Set<string>>();
  const reflector = startReflector(arena.kube, {
    path: collectionPath(KINDS.pods, arena.name),
    project: projectPod,
    signal: stop.signal,
  });
  const count = (app: string): void => {
    const ready = [...reflector.snapshot().values()].filter(
      pod => pod.labels["app"] === app && pod.ready && pod.deletionTimestamp === undefined,
    ).length;
    lowest.set(app, Math.min(lowest.get(app) ?? Infinity, ready));
  };
  await reflector.synced;
  for (const pod of reflector.snapshot().values()) {
    const app = pod.labels["app"] ?? "";
    births.set(app, (births.get(app) ?? new Set()).add(pod.uid));
    count(app);
  }
  reflector.onChange(({ object }) => {
    const app = object.labels["app"] ?? "";
    births.set(app, (births.get(app) ?? new Set()).add(object.uid));
    count(app);
  });
  return {
    lowest: app => lowest.get(app) ?? 0,
    births: app => births.get(app)?.size ?? 0,
    stop: () => stop.abort(),
  };
};

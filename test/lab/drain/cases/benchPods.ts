import {
  collectionPath,
  isKubeError,
  KINDS,
  type KubeClient,
  objectPath,
  podPath,
  projectPod,
  type PodView,
} from "../../../../kube";
import { SIMULATE } from "../../../../lab/simulator/annotations";
import { type Arena, until } from "../arena";

/** Pods that start and stop at once, so that a case takes no longer than what it shows. */
export const QUICK = {
  [SIMULATE.startDelay]: "50ms",
  [SIMULATE.readyDelay]: "50ms",
  [SIMULATE.stopDelay]: "200ms",
} as const;

export interface PodWish {
  readonly name: string;
  readonly node: string | undefined;
  /** Label `app`; default: the pod's name. */
  readonly app?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner?: object;
  readonly finalizers?: readonly string[];
  readonly graceSeconds?: number;
  /** More of the spec. */
  readonly spec?: object;
}

const container = { name: "app", image: "app:1", resources: { requests: { cpu: "10m" } } };

/** A pod that nobody scheduled: it is on its node from the beginning. */
export const putPod = (arena: Arena, wish: PodWish): Promise<unknown> =>
  arena.kube.request({
    method: "POST",
    path: collectionPath(KINDS.pods, arena.name),
    body: {
      metadata: {
        name: wish.name,
        labels: { app: wish.app ?? wish.name, ...wish.labels },
        annotations: { ...QUICK, ...wish.annotations },
        ...(wish.finalizers === undefined ? {} : { finalizers: wish.finalizers }),
        ...(wish.owner === undefined ? {} : { ownerReferences: [wish.owner] }),
      },
      spec: {
        containers: [container],
        nodeName: wish.node,
        terminationGracePeriodSeconds: wish.graceSeconds ?? 2,
        ...wish.spec,
      },
    },
  });

/** `spec` is added to that of the template: nodeSelector and containers are there already. */
export interface ControllerWish {
  readonly kind: "deployments" | "statefulSets" | "daemonSets" | "replicationControllers" | "jobs";
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly spec?: object;
  readonly replicas?: number;
}

const COUNTED = new Set(["deployments", "statefulSets", "replicationControllers"]);

const selectorOf = (kind: ControllerWish["kind"], labels: object): object => {
  if (kind === "jobs") return {};
  return { selector: kind === "replicationControllers" ? labels : { matchLabels: labels } };
};

/** A controller with pods that only the arena's nodes can take. */
export const putController = (arena: Arena, wish: ControllerWish): Promise<unknown> => {
  const { kind, name, replicas = 1 } = wish;
  const labels = { app: name, ...wish.labels };
  const template = {
    metadata: { labels, annotations: { ...QUICK, ...wish.annotations } },
    spec: {
      nodeSelector: { arena: arena.name },
      terminationGracePeriodSeconds: 2,
      containers: [container],
      ...wish.spec,
    },
  };
  const spec = {
    template,
    ...selectorOf(kind, { app: name }),
    ...(COUNTED.has(kind) ? { replicas } : {}),
    ...(kind === "statefulSets" ? { serviceName: name } : {}),
  };
  const path = collectionPath(KINDS[kind], arena.name);
  return arena.kube.request({ method: "POST", path, body: { metadata: { name }, spec } });
};

export const readPod = async (arena: Arena, name: string): Promise<PodView | undefined> => {
  try {
    const path = podPath({ namespace: arena.name, name });
    return projectPod(await arena.kube.request({ method: "GET", path }));
  } catch (error) {
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};

/** Waits until the pod is as wanted, Ready when nothing else is said. */
export const untilPod = (
  arena: Arena,
  name: string,
  holds: (pod: PodView) => boolean = pod => pod.ready,
): Promise<PodView> =>
  until(`pod ${arena.name}/${name}`, async () => {
    const pod = await readPod(arena, name);
    return pod !== undefined && holds(pod) ? pod : undefined;
  });

/** Waits until no pod of that name and uid is there any more. */
export const untilGone = (arena: Arena, { name, uid }: { name: string; uid: string }): Promise<true> =>
  until(`the end of ${arena.name}/${name}`, async () =>
    (await readPod(arena, name))?.uid === uid ? undefined : true,
  );

/** Asks for a pod's end, with its own grace. */
export const deletePod = async (arena: Arena, name: string): Promise<void> => {
  await arena.kube.request({ method: "DELETE", path: podPath({ namespace: arena.name, name }) });
};

/** Takes a pod away at once, as nobody should: no budget, no grace. */
export const removePod = async (arena: Arena, name: string): Promise<void> => {
  const path = podPath({ namespace: arena.name, name });
  await arena.kube.request({ method: "DELETE", path, body: { gracePeriodSeconds: 0 } });
};

/** Says what a kubelet would say. */
export const reportPod = async (arena: Arena, name: string, status: object): Promise<void> => {
  const path = `${podPath({ namespace: arena.name, name })}/status`;
  await arena.kube.request({ method: "PATCH", path, body: { status } });
};

export const RUNNING_AND_READY = {
  phase: "Running",
  conditions: [{ type: "Ready", status: "True" }],
};

/** A node that nobody simulates: pods there end only when a test says so. Its name. */
export const putSilentNode = async (arena: Arena, name: string): Promise<string> => {
  const metadata = { name, labels: { arena: arena.name, "kubernetes.io/hostname": name } };
  await arena.kube.request({ method: "POST", path: collectionPath(KINDS.nodes), body: { metadata } });
  return name;
};

export interface BudgetStatus {
  readonly allowed: number;
  readonly healthy: number;
  readonly needed: number;
  readonly disrupted: readonly string[];
  /** False while the controller has not looked at the newest spec. */
  readonly observed: boolean;
  readonly resourceVersion: string;
}

interface RawBudget {
  readonly metadata: { readonly generation: number; readonly resourceVersion: string };
  readonly status?: {
    readonly disruptionsAllowed?: number;
    readonly currentHealthy?: number;
    readonly desiredHealthy?: number;
    readonly disruptedPods?: Readonly<Record<string, string>>;
    readonly observedGeneration?: number;
  };
}

const statusOf = ({ metadata, status = {} }: RawBudget): BudgetStatus => ({
  allowed: status.disruptionsAllowed ?? 0,
  healthy: status.currentHealthy ?? 0,
  needed: status.desiredHealthy ?? 0,
  disrupted: Object.keys(status.disruptedPods ?? {}),
  observed: status.observedGeneration === metadata.generation,
  resourceVersion: metadata.resourceVersion,
});

const budgetPath = (arena: Arena, name: string): string =>
  objectPath(KINDS.budgets, { namespace: arena.name, name });

/** A budget over the pods with the label `app`. */
export const putBudget = (arena: Arena, app: string, spec: object): Promise<unknown> =>
  arena.kube.request({
    method: "POST",
    path: collectionPath(KINDS.budgets, arena.name),
    body: { metadata: { name: app }, spec: { ...spec, selector: { matchLabels: { app } } } },
  });

export const changeBudget = (arena: Arena, name: string, spec: object): Promise<unknown> =>
  arena.kube.request({ method: "PATCH", path: budgetPath(arena, name), body: { spec } });

export const readBudget = async (arena: Arena, name: string): Promise<BudgetStatus> =>
  statusOf(await arena.kube.request<RawBudget>({ method: "GET", path: budgetPath(arena, name) }));

/** Waits until the controller has counted, with this result. */
export const untilBudget = (
  arena: Arena,
  name: string,
  holds: (status: BudgetStatus) => boolean,
): Promise<BudgetStatus> =>
  until(`budget ${arena.name}/${name}`, async () => {
    const status = await readBudget(arena, name);
    return status.observed && holds(status) ? status : undefined;
  });

/** Reasons of what was written about pods of the arena by anybody of this product. */
export const eventsOf = async (kube: KubeClient, namespace: string): Promise<readonly string[]> => {
  const { items } = await kube.request<{
    items: readonly { reason: string; source?: { component?: string } }[];
  }>({ method: "GET", path: collectionPath(KINDS.events, namespace) });
  return items
    .filter(({ source }) => source?.component?.includes("changeover") === true)
    .map(({ reason }) => reason);
};

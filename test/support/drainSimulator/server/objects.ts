import type {
  AttachmentFact,
  BudgetFact,
  NodeFact,
  PodFact,
  WorkloadFact,
} from "../../../../core/drain/facts";
import type { NodeView } from "../../../../kube";
import type { Taint } from "../../../../kube";
import type { VirtualClock } from "../clock";
import type { Story, StoryBudget, StoryWorkload, WatchedKind } from "../story";

export type Versioned<T> = T & { readonly resourceVersion: string };

export type LivePod = Versioned<PodFact>;

export interface LiveBudget {
  readonly rule: StoryBudget;
  readonly generation: number;
  readonly observedGeneration: number;
  /** Names of evicted pods and when; the server keeps each until the deletion shows, or two minutes. */
  readonly disrupted: ReadonlyMap<string, number>;
  readonly fact: BudgetFact;
}

export interface LiveWorkload {
  readonly spec: StoryWorkload;
  replicas: number;
}

export interface FactOf {
  readonly pod: Versioned<PodFact>;
  readonly budget: BudgetFact;
  readonly workload: Versioned<WorkloadFact>;
  readonly node: Versioned<NodeFact>;
  readonly attachment: Versioned<AttachmentFact>;
}

/** Who caused a write: our own engine, another drainer, an accident or a person, or the cluster's daily business. */
export type Cause = "us" | "foreign" | "world" | "cluster";

/** One entry of the server's history. `fact` is what a watch shows; for `gone` it is the last state. */
export interface Written {
  readonly seq: number;
  readonly at: number;
  readonly kind: WatchedKind;
  readonly gone: boolean;
  readonly cause: Cause;
  readonly fact: FactOf[WatchedKind];
}

export interface Server {
  readonly clock: VirtualClock;
  readonly random: () => number;
  readonly story: Story;
  readonly startedAt: number;
  readonly pods: Map<string, LivePod>;
  readonly budgets: Map<string, LiveBudget>;
  readonly workloads: Map<string, LiveWorkload>;
  readonly nodes: Map<string, NodeView>;
  /** By the uid of the pod whose volume it is. */
  readonly attachments: Map<string, FactOf["attachment"]>;
  /** Names of nodes whose kubelet is silent. */
  readonly lost: Set<string>;
  readonly listeners: ((written: Written) => void)[];
  seq: number;
}

export const NAMESPACE = "shop";
export const BLUE = { pool: "blue" } as const;

export const appOf = (pod: PodFact): string => pod.labels["app"] ?? "";

export const isActive = (pod: PodFact): boolean =>
  pod.deletingSince === undefined && pod.phase !== "Succeeded" && pod.phase !== "Failed";

export const podsOf = (server: Pick<Server, "pods">, workload: string): readonly LivePod[] =>
  [...server.pods.values()].filter(pod => pod.labels["app"] === workload);

export const nextVersion = (server: Server): string => {
  server.seq += 1;
  return String(server.seq);
};

const tell = (server: Server, written: Omit<Written, "seq" | "at">): void => {
  server.seq += 1;
  const whole: Written = { ...written, seq: server.seq, at: server.clock.now() };
  for (const listener of server.listeners) listener(whole);
};

export const writePod = (server: Server, pod: PodFact, cause: Cause): void => {
  const fact = { ...pod, resourceVersion: nextVersion(server) };
  server.pods.set(pod.uid, fact);
  tell(server, { kind: "pod", gone: false, cause, fact });
};

export const removePod = (server: Server, uid: string, cause: Cause): void => {
  const fact = server.pods.get(uid);
  if (fact === undefined) return;
  server.pods.delete(uid);
  tell(server, { kind: "pod", gone: true, cause, fact });
};

export const writeBudget = (server: Server, budget: LiveBudget, cause: Cause): void => {
  const fact: BudgetFact = {
    ...budget.fact,
    resourceVersion: nextVersion(server),
    observed: budget.observedGeneration >= budget.generation,
    disruptedPods: [...budget.disrupted.keys()],
  };
  server.budgets.set(budget.rule.name, { ...budget, fact });
  tell(server, { kind: "budget", gone: false, cause, fact });
};

export const removeBudget = (server: Server, name: string): void => {
  const budget = server.budgets.get(name);
  if (budget === undefined) return;
  server.budgets.delete(name);
  tell(server, { kind: "budget", gone: true, cause: "world", fact: budget.fact });
};

const OWNER_KIND = { Deployment: "ReplicaSet", StatefulSet: "StatefulSet", Job: "Job" } as const;

export const ownerKind = (kind: StoryWorkload["kind"]): string | undefined =>
  kind === "Deployment" || kind === "StatefulSet" || kind === "Job" ? OWNER_KIND[kind] : undefined;

export const replicaSetOf = (deployment: string): string => `${deployment}-rs`;

/** What the API shows of a workload: a Deployment also has its ReplicaSet. */
export const workloadFacts = (
  server: Server,
  { spec, replicas }: LiveWorkload,
): readonly FactOf["workload"][] => {
  const kind = ownerKind(spec.kind);
  if (kind === undefined) return [];
  const base = {
    namespace: NAMESPACE,
    name: spec.name,
    desired: replicas,
    resourceVersion: nextVersion(server),
  };
  const direct = { ...base, uid: `own-${spec.name}`, kind };
  if (spec.kind !== "Deployment") return [direct];
  const owner = { apiVersion: "apps/v1", kind: "Deployment", name: spec.name, uid: `top-${spec.name}` };
  return [
    { ...base, uid: owner.uid, kind: "Deployment" },
    { ...direct, name: replicaSetOf(spec.name), owner },
  ];
};

export const tellWorkload = (server: Server, workload: LiveWorkload, cause: Cause): void => {
  for (const fact of workloadFacts(server, workload))
    tell(server, { kind: "workload", gone: false, cause, fact });
};

const LEAVING = "changeover.dev/leaving";
const PRIOR = "changeover.dev/prior";

export const nodeFact = (node: NodeView): FactOf["node"] => ({
  uid: node.uid,
  name: node.name,
  labels: node.labels,
  ready: node.ready,
  cordoned: node.unschedulable,
  taints: node.taints,
  fenced: node.annotations[PRIOR] !== undefined && node.taints.some(({ key }) => key === LEAVING),
  resourceVersion: node.resourceVersion,
});

export const writeNode = (server: Server, node: NodeView, cause: Cause): void => {
  const next = { ...node, resourceVersion: nextVersion(server) };
  server.nodes.set(node.name, next);
  tell(server, { kind: "node", gone: false, cause, fact: nodeFact(next) });
};

export const removeNode = (server: Server, name: string): void => {
  const node = server.nodes.get(name);
  if (node === undefined) return;
  server.nodes.delete(name);
  tell(server, { kind: "node", gone: true, cause: "world", fact: nodeFact(node) });
};

export const isRepelled = (node: NodeView, toleratesCordon: boolean): boolean =>
  !node.ready || (node.unschedulable && !toleratesCordon);

export const newNode = (name: string, pool: string, taints: readonly Taint[]): NodeView => ({
  uid: `node-${name}`,
  name,
  resourceVersion: "0",
  labels: { pool },
  annotations: {},
  createdAt: undefined,
  deletionTimestamp: undefined,
  unschedulable: false,
  taints,
  ready: true,
  readySince: undefined,
  conditions: [],
  allocatable: { cpuMillis: 0, memoryBytes: 0, other: {} },
  kubeletVersion: "v1.35.0",
  providerId: undefined,
  zone: undefined,
  addresses: [],
});

export const claimOf = (pod: string): string => `data-${pod}`;

export const addAttachment = (server: Server, { uid, name, node = "" }: LivePod): void => {
  const resourceVersion = nextVersion(server);
  const claim = `${NAMESPACE}/${claimOf(name)}`;
  server.attachments.set(uid, { uid: `va-${uid}`, name: `va-${name}-${uid}`, node, claim, resourceVersion });
};

export const removeAttachment = (server: Server, pod: string): void => {
  const fact = server.attachments.get(pod);
  if (fact === undefined) return;
  server.attachments.delete(pod);
  tell(server, { kind: "attachment", gone: true, cause: "cluster", fact });
};

/** Everything of one kind, as a list call answers. */
export const listFacts = (server: Server, kind: WatchedKind): readonly FactOf[WatchedKind][] => {
  switch (kind) {
    case "pod":
      return [...server.pods.values()];
    case "budget":
      return [...server.budgets.values()].map(({ fact }) => fact);
    case "workload":
      return [...server.workloads.values()].flatMap(workload => workloadFacts(server, workload));
    case "node":
      return [...server.nodes.values()].map(nodeFact);
    case "attachment":
      return [...server.attachments.values()];
  }
};

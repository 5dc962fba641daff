import type { Answer } from "../../../core/drain/answers";
import type { BudgetFact, Change, NodeFact, PodFact, WorkloadFact } from "../../../core/drain/facts";
import { startRandom, type VirtualClock } from "./clock";
import type { Scenario, SimulatedBudget, SimulatedWorkload } from "./scenario";

const DISRUPTED_EXPIRES_MS = 120_000;
const CONTROLLER_MS = 30;

interface LiveBudget {
  fact: BudgetFact;
  readonly disrupted: Map<string, number>;
}

/** What a real API server with its controllers, scheduler and kubelets does to the objects a drain looks at. */
export interface SimulatedCluster {
  readonly pods: ReadonlyMap<string, PodFact>;
  list(): readonly Change[];
  /** Takes effect at once; whether and when the answer arrives is the caller's business. */
  evict(pod: { namespace: string; name: string }, uid: string): Answer;
  /** Ready and not going, in truth. */
  available(workload: string): number;
  replicas(workload: string): number;
  onChange(listener: (change: Change) => void): void;
}

interface Live {
  readonly clock: VirtualClock;
  readonly scenario: Scenario;
  readonly random: () => number;
  readonly pods: Map<string, PodFact>;
  readonly budgets: Map<string, LiveBudget>;
  readonly workloads: Map<string, { readonly fact: WorkloadFact; readonly spec: SimulatedWorkload }>;
  readonly nodes: readonly NodeFact[];
  tell: (change: Change) => void;
  serial: number;
}

export const NAMESPACE = "shop";

const isMember = (pod: PodFact, workload: string): boolean => pod.labels["app"] === workload;

const members = (live: Live, workload: string): readonly PodFact[] =>
  [...live.pods.values()].filter(pod => isMember(pod, workload));

const setPod = (live: Live, pod: PodFact): void => {
  live.pods.set(pod.uid, pod);
  live.tell({ type: "set", object: { kind: "pod", fact: pod } });
  recount(live, pod.labels["app"] ?? "");
};

const neededOf = (budget: SimulatedBudget, replicas: number): number =>
  "minAvailable" in budget ? budget.minAvailable : replicas - budget.maxUnavailable;

const statusOf = (live: Live, spec: SimulatedWorkload, budget: LiveBudget): BudgetFact => {
  const pods = members(live, spec.name);
  for (const [name, at] of budget.disrupted) {
    const pod = pods.find(one => one.name === name && one.deletingSince === undefined);
    if (pod === undefined || live.clock.now() - at > DISRUPTED_EXPIRES_MS) budget.disrupted.delete(name);
  }
  const healthy = pods.filter(
    pod => pod.ready && pod.deletingSince === undefined && !budget.disrupted.has(pod.name),
  ).length;
  const needed = neededOf(spec.budget ?? { minAvailable: 0 }, spec.replicas);
  const disruptedPods = [...budget.disrupted.keys()];
  return {
    ...budget.fact,
    healthy,
    needed,
    expected: spec.replicas,
    allowed: Math.max(0, healthy - needed),
    disruptedPods,
  };
};

const writeBudget = (live: Live, budget: LiveBudget, fact: BudgetFact): void => {
  live.serial += 1;
  budget.fact = { ...fact, resourceVersion: String(live.serial) };
  live.tell({ type: "set", object: { kind: "budget", fact: budget.fact } });
};

/** The disruption controller: a little later than what it looks at. */
const recount = (live: Live, workload: string): void => {
  live.clock.after(CONTROLLER_MS, () => {
    const budget = live.budgets.get(workload);
    const spec = live.workloads.get(workload)?.spec;
    if (budget === undefined || spec === undefined) return;
    const fact = statusOf(live, spec, budget);
    if (JSON.stringify(fact) !== JSON.stringify(budget.fact)) writeBudget(live, budget, fact);
  });
};

const greenNode = (live: Live): string => {
  const open = live.nodes.filter(node => !node.cordoned);
  return open[Math.floor(live.random() * open.length)]?.name ?? "";
};

const becomeReady = (live: Live, uid: string, spec: SimulatedWorkload): void => {
  live.clock.after(spec.startMs, () => {
    const pod = live.pods.get(uid);
    if (pod !== undefined && pod.deletingSince === undefined)
      setPod(live, { ...pod, phase: "Running", ready: true });
  });
};

const birth = (
  live: Live,
  spec: SimulatedWorkload,
  place: { name: string; node: string; ready: boolean },
): PodFact => {
  live.serial += 1;
  const kind = spec.kind === "Deployment" ? "ReplicaSet" : "StatefulSet";
  const ownerUid = spec.kind === "Deployment" ? `rs-${spec.name}` : `w-${spec.name}`;
  return {
    uid: `uid-${live.serial}`,
    namespace: NAMESPACE,
    name: place.name,
    node: place.node,
    labels: { app: spec.name },
    annotations: {},
    phase: place.ready ? "Running" : "Pending",
    ready: place.ready,
    createdAt: live.clock.now(),
    graceSeconds: spec.graceMs / 1000,
    mirror: false,
    owner: { apiVersion: "apps/v1", kind, name: spec.name, uid: ownerUid },
    tolerations: [],
    localStorage: false,
  };
};

const replace = (live: Live, spec: SimulatedWorkload, name: string): void => {
  live.clock.after(CONTROLLER_MS, () => {
    const pod = birth(live, spec, { name, node: greenNode(live), ready: false });
    setPod(live, pod);
    becomeReady(live, pod.uid, spec);
  });
};

/** A Deployment makes the successor when the deletion begins, a StatefulSet when the pod is gone. */
const terminate = (live: Live, pod: PodFact): void => {
  const spec = live.workloads.get(pod.labels["app"] ?? "")?.spec;
  if (spec === undefined) return;
  setPod(live, { ...pod, deletingSince: live.clock.now() });
  live.serial += 1;
  if (spec.kind === "Deployment") replace(live, spec, `${spec.name}-${live.serial}`);
  live.clock.after(spec.graceMs, () => {
    live.pods.delete(pod.uid);
    live.tell({ type: "gone", kind: "pod", uid: pod.uid });
    recount(live, spec.name);
    if (spec.kind === "StatefulSet") replace(live, spec, pod.name);
  });
};

const spendSlot = (live: Live, budget: LiveBudget, pod: PodFact): Answer | undefined => {
  const { fact } = budget;
  if (!pod.ready && fact.needed > 0 && fact.healthy >= fact.needed) return undefined;
  if (fact.allowed === 0) {
    return {
      kind: "budgetFull",
      message: `needs ${fact.needed} healthy pods and has ${fact.healthy} currently`,
    };
  }
  budget.disrupted.set(pod.name, live.clock.now());
  writeBudget(live, budget, {
    ...fact,
    allowed: fact.allowed - 1,
    disruptedPods: [...budget.disrupted.keys()],
  });
  return undefined;
};

const askBudget = (live: Live, pod: PodFact): Answer | undefined => {
  const budget = live.budgets.get(pod.labels["app"] ?? "");
  const exempt = pod.deletingSince !== undefined || pod.phase === "Pending";
  return budget === undefined || exempt ? undefined : spendSlot(live, budget, pod);
};

/** In the server's own order: the budget is asked before the uid is compared. */
const evict = (live: Live, name: string, uid: string): Answer => {
  const pod = [...live.pods.values()].find(one => one.name === name);
  if (pod === undefined) return { kind: "gone" };
  const refusal = askBudget(live, pod);
  if (refusal !== undefined) return refusal;
  if (pod.uid !== uid) return { kind: "gone" };
  if (pod.deletingSince === undefined) terminate(live, pod);
  return { kind: "accepted" };
};

const nodesOf = ({ blue, green }: Scenario): readonly NodeFact[] =>
  Array.from({ length: blue + green }, (_, index) => {
    const isBlue = index < blue;
    const name = isBlue ? `blue-${index}` : `green-${index - blue}`;
    return {
      uid: name,
      name,
      labels: { pool: isBlue ? "blue" : "green" },
      ready: true,
      cordoned: isBlue,
      taints: [],
      fenced: isBlue,
    };
  });

const workloadFacts = (spec: SimulatedWorkload): readonly WorkloadFact[] => {
  const base = { namespace: NAMESPACE, name: spec.name, desired: spec.replicas };
  const top = { ...base, uid: `w-${spec.name}`, kind: spec.kind };
  if (spec.kind === "StatefulSet") return [top];
  const owner = { apiVersion: "apps/v1", kind: "Deployment", name: spec.name, uid: top.uid };
  return [top, { ...base, uid: `rs-${spec.name}`, kind: "ReplicaSet", owner }];
};

const settle = (live: Live, spec: SimulatedWorkload): void => {
  const [fact] = workloadFacts(spec);
  if (fact === undefined) return;
  live.workloads.set(spec.name, { fact, spec });
  for (let index = 0; index < spec.replicas; index++) {
    const node = `blue-${Math.floor(live.random() * live.scenario.blue)}`;
    const ready = index >= (spec.broken ?? 0);
    const pod = birth(live, spec, { name: `${spec.name}-${index}`, node, ready });
    const placed: PodFact = { ...pod, phase: "Running", createdAt: 0 };
    live.pods.set(placed.uid, placed);
  }
  if (spec.budget === undefined) return;
  const fresh: BudgetFact = {
    uid: `pdb-${spec.name}`,
    namespace: NAMESPACE,
    name: spec.name,
    resourceVersion: "0",
    selector: { matchLabels: { app: spec.name } },
    alwaysAllowUnhealthy: false,
    observed: true,
    allowed: 0,
    expected: 0,
    healthy: 0,
    needed: 0,
    disruptedPods: [],
  };
  const budget = { fact: fresh, disrupted: new Map<string, number>() };
  budget.fact = statusOf(live, spec, budget);
  live.budgets.set(spec.name, budget);
};

const listOf = (live: Live): readonly Change[] => [
  ...live.nodes.map(fact => ({ type: "set", object: { kind: "node", fact } }) as const),
  ...[...live.workloads.values()].flatMap(({ spec }) =>
    workloadFacts(spec).map(fact => ({ type: "set", object: { kind: "workload", fact } }) as const),
  ),
  ...[...live.budgets.values()].map(
    ({ fact }) => ({ type: "set", object: { kind: "budget", fact } }) as const,
  ),
  ...[...live.pods.values()].map(fact => ({ type: "set", object: { kind: "pod", fact } }) as const),
];

export const startCluster = (clock: VirtualClock, scenario: Scenario): SimulatedCluster => {
  const live: Live = {
    clock,
    scenario,
    random: startRandom(scenario.seed),
    pods: new Map(),
    budgets: new Map(),
    workloads: new Map(),
    nodes: nodesOf(scenario),
    tell: () => undefined,
    serial: 0,
  };
  for (const workload of scenario.workloads) settle(live, workload);
  return {
    pods: live.pods,
    list: () => listOf(live),
    evict: ({ name }, uid) => evict(live, name, uid),
    available: workload =>
      members(live, workload).filter(pod => pod.ready && pod.deletingSince === undefined).length,
    replicas: workload => live.workloads.get(workload)?.spec.replicas ?? 0,
    onChange: listener => (live.tell = listener),
  };
};

import { type Budget, EVERYBODY, type Pace, type Scenario, type Workload } from "./scenario";

/** 1 = the sizes below; fewer nodes and workloads with less, never fewer pods in one workload. */
export type Scale = number;

const STEADY: Pace = { startMs: 2_000, readyMs: 2_000, stopMs: 3_000 };
/** The means of kwok's own general stages, which the reference numbers were measured with. */
const GENERAL: Pace = { startMs: 3_000, readyMs: 3_000, stopMs: 3_000 };

const FEWEST_NODES = 10;
const nodesAt = (scale: Scale, full: number): number => Math.max(FEWEST_NODES, Math.round(full * scale));
const countAt = (scale: Scale, full: number): number => Math.max(2, Math.round(full * scale));

interface Fleet {
  readonly count: number;
  readonly replicas: number;
  readonly budget?: Budget;
  readonly kind?: Workload["kind"];
  readonly pace?: Pace;
  readonly cpuMillis?: number;
  readonly spread?: boolean;
}

const fleet = (name: string, { count, budget, ...like }: Fleet): readonly Workload[] =>
  Array.from({ length: count }, (_, index) => ({
    kind: "Deployment",
    pace: STEADY,
    cpuMillis: 50,
    ...like,
    name: `${name}-${index}`,
    budgets: budget === undefined ? [] : [budget],
  }));

const blocked = (name: string, replicas: number, budgets: readonly Budget[]): Workload => ({
  name,
  kind: "Deployment",
  replicas,
  pace: STEADY,
  cpuMillis: 50,
  budgets,
  blocked: true,
});

const ONE: Budget = { maxUnavailable: 1 };

/** Twenty nodes with five pods of a tight budget each: long enough to do something to it in the middle. */
const faulty = (
  scale: Scale,
): Pick<Scenario, "nodes" | "workloads" | "deadlineSeconds" | "judgedByBound"> => ({
  nodes: nodesAt(scale, 20),
  workloads: fleet("web", { count: countAt(scale, 20), replicas: 5, budget: ONE }),
  deadlineSeconds: 180,
  judgedByBound: false,
});

const mass = (scale: Scale): Pick<Scenario, "nodes" | "workloads" | "deadlineSeconds" | "judgedByBound"> => ({
  nodes: nodesAt(scale, 1_000),
  workloads: fleet("mass", {
    count: countAt(scale, 300),
    replicas: 100,
    budget: { maxUnavailable: "10%" },
    cpuMillis: 10,
  }),
  deadlineSeconds: 3_600,
  judgedByBound: false,
});

const large = (scale: Scale): readonly Scenario[] => [
  { ...mass(scale), name: "S7", title: "1,000 nodes, 30,000 pods", usual: ["changeover"] },
  {
    ...mass(scale),
    name: "S7-client",
    title: "our process alone with 1,000 nodes, 30,000 pods: all but it is a stand-in",
    onStandIn: true,
    contenders: ["changeover"],
  },
];

const spaced = (scale: Scale): readonly Scenario[] => [
  {
    name: "S6",
    title: "green has exactly the room that is needed",
    nodes: nodesAt(scale, 20),
    // Eight pods fill a node of eight processors.
    workloads: fleet("full", {
      count: nodesAt(scale, 20),
      replicas: 8,
      budget: { maxUnavailable: 2 },
      cpuMillis: 1_000,
    }),
    deadlineSeconds: 300,
    judgedByBound: false,
  },
];

const faults = (scale: Scale): readonly Scenario[] => [
  { ...faulty(scale), name: "S8-restart", title: "an API server restarts", fault: "restartApiserver" },
  { ...faulty(scale), name: "S8-second", title: "somebody drains a node too", fault: "secondDrainer" },
  {
    ...faulty(scale),
    name: "S8-kill",
    title: "kill -9, and started again",
    fault: "killDrainer",
    contenders: ["changeover"],
  },
];

const traps = (): readonly Scenario[] => [
  {
    name: "S9",
    title: "successors crash on green, half of the workloads without a budget",
    nodes: FEWEST_NODES,
    workloads: [
      ...fleet("kept", { count: 10, replicas: 5, budget: ONE }),
      ...fleet("bare", { count: 10, replicas: 5 }),
    ],
    fault: "crashOnGreen",
    deadlineSeconds: 60,
    judgedByBound: false,
  },
  {
    name: "S10",
    title: "topology spread as a rule: emptied nodes count as places",
    nodes: FEWEST_NODES,
    workloads: fleet("even", { count: 4, replicas: 10, budget: { maxUnavailable: 2 }, spread: true }),
    deadlineSeconds: 90,
    judgedByBound: false,
  },
];

const floor = (): Scenario => ({
  name: "floor",
  title: "the reference setting: 24 Deployments of 8 pods, maxUnavailable 1",
  nodes: 20,
  workloads: fleet("shop", { count: 24, replicas: 8, budget: ONE, pace: GENERAL }),
  deadlineSeconds: 400,
  judgedByBound: true,
});

const tight = (scale: Scale): readonly Scenario[] => [
  {
    name: "S1",
    title: "stateless, 12 pods a node, maxUnavailable 20 %",
    nodes: nodesAt(scale, 50),
    workloads: fleet("web", { count: countAt(scale, 60), replicas: 10, budget: { maxUnavailable: "20%" } }),
    deadlineSeconds: 900,
    judgedByBound: true,
    contenders: EVERYBODY,
  },
  {
    name: "S2",
    title: "many budgets, one pod at a time each",
    nodes: nodesAt(scale, 50),
    workloads: fleet("api", { count: countAt(scale, 60), replicas: 5, budget: ONE }),
    deadlineSeconds: 900,
    judgedByBound: true,
    contenders: EVERYBODY,
  },
  {
    name: "S3",
    title: "one huge budget, a quarter at a time",
    nodes: nodesAt(scale, 50),
    workloads: fleet("huge", {
      count: 1,
      replicas: Math.max(60, Math.round(300 * scale)),
      budget: { maxUnavailable: "25%" },
    }),
    deadlineSeconds: 900,
    judgedByBound: true,
  },
  {
    name: "S4",
    title: "StatefulSets of 3, without volumes (nothing in the lab attaches any)",
    nodes: nodesAt(scale, 20),
    workloads: fleet("db", { count: countAt(scale, 20), replicas: 3, budget: ONE, kind: "StatefulSet" }),
    deadlineSeconds: 600,
    judgedByBound: true,
  },
];

const stuck = (scale: Scale): Scenario => ({
  name: "S5",
  title: "specs that let nobody go, among ordinary ones",
  nodes: FEWEST_NODES,
  workloads: [
    blocked("frozen", 2, [{ maxUnavailable: 0 }]),
    blocked("lonely", 1, [{ minAvailable: 1 }]),
    blocked("double", 2, [ONE, { maxUnavailable: 2 }]),
    ...fleet("free", { count: countAt(scale, 10), replicas: 4, budget: ONE }),
  ],
  deadlineSeconds: 40,
  judgedByBound: false,
});

const inHaste = (workload: Workload): Workload => {
  const { startMs, readyMs, stopMs } = workload.pace;
  return { ...workload, pace: { startMs: startMs / 2, readyMs: readyMs / 2, stopMs: stopMs / 2 } };
};

/** Pods that take half of their time: for a look, since what the platform adds then weighs twice as much. */
export const hasten = (scenario: Scenario): Scenario => ({
  ...scenario,
  title: `${scenario.title}; pods twice as quick`,
  workloads: scenario.workloads.map(inHaste),
});

export const scenariosAt = (scale: Scale): readonly Scenario[] => [
  floor(),
  ...tight(scale),
  stuck(scale),
  ...spaced(scale),
  ...large(scale),
  ...faults(scale),
  ...traps(),
];

/** What each kind of run measures unless told otherwise, in this order; S7 only by its name. */
export const QUICK: readonly string[] = ["S5", "S2", "S1", "S3"];
export const FULL: readonly string[] = scenariosAt(1)
  .map(({ name }) => name)
  .filter(name => name !== "S7");

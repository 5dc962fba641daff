/** Times that the simulation gives each pod of a workload, in milliseconds. */
export interface Pace {
  readonly startMs: number;
  readonly readyMs: number;
  readonly stopMs: number;
}

export interface Budget {
  readonly minAvailable?: number;
  readonly maxUnavailable?: number | `${number}%`;
}

export interface Workload {
  readonly name: string;
  readonly kind: "Deployment" | "StatefulSet";
  readonly replicas: number;
  readonly pace: Pace;
  /** None, one, or several over the same pods. */
  readonly budgets: readonly Budget[];
  readonly cpuMillis: number;
  /** At most one pod more on one node than on any other, as a rule for the scheduler. */
  readonly spread?: boolean;
  /** No drainer may move it: what counts is how soon that is said. */
  readonly blocked?: boolean;
}

/** What is done to the run, once a share of the pods has left. */
export type Fault = "restartApiserver" | "secondDrainer" | "killDrainer" | "crashOnGreen";

export type ContenderName = "changeover" | "surgeFirst" | "parallel" | "karpenter" | "serial";

export const EVERYBODY: readonly ContenderName[] = [
  "changeover",
  "surgeFirst",
  "parallel",
  "karpenter",
  "serial",
];

/** Surge-first is for Deployments under budgets, so a scenario of these names it. */
const ORDINARY = EVERYBODY.filter(name => name !== "surgeFirst");

export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** Nodes that are emptied, and as many to move to. */
  readonly nodes: number;
  readonly workloads: readonly Workload[];
  /** API server, controllers and nodes are stand-ins in memory: only the drainer's own process is real. */
  readonly onStandIn?: boolean;
  /** A run that takes longer is ended and counts as not finished. */
  readonly deadlineSeconds: number;
  readonly fault?: Fault;
  /** Absent = all but surge-first. */
  readonly contenders?: readonly ContenderName[];
  /** Of these, who takes part when nobody is named; absent = all. */
  readonly usual?: readonly ContenderName[];
  /** False where budgets do not bind, or not only: then T* is shown, but is no target. */
  readonly judgedByBound: boolean;
}

/** Pods that may be down at once under these budgets; `undefined` = nobody wrote a budget. Percentages round up, as the server does. */
export const roomOf = ({ budgets, replicas }: Workload): number | undefined => {
  const rooms = budgets.map(({ minAvailable, maxUnavailable = 0 }) => {
    if (minAvailable !== undefined) return Math.max(0, replicas - minAvailable);
    if (typeof maxUnavailable === "number") return maxUnavailable;
    return Math.ceil((replicas * Number.parseFloat(maxUnavailable)) / 100);
  });
  return rooms.length === 0 ? undefined : Math.min(...rooms);
};

/** @param named by the caller; absent = nobody in particular. */
export const takesPart = (
  { contenders = ORDINARY, usual }: Scenario,
  name: ContenderName,
  named?: readonly ContenderName[],
): boolean => contenders.includes(name) && (named ?? usual ?? contenders).includes(name);

export const isStuck = ({ workloads }: Scenario): boolean =>
  workloads.some(({ blocked }) => blocked === true);

export const podsOf = ({ workloads }: Scenario): number =>
  workloads.reduce((sum, { replicas }) => sum + replicas, 0);

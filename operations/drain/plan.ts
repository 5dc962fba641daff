import type { WorkloadFact } from "../../core/drain/facts";
import { explainSubject, type PodExplanation } from "../../core/drain/plan/explain";
import { type DrainPlan, planDrain } from "../../core/drain/plan/plan";
import type { PlanFacts, PlanNode, PlanPod, PlanRequest } from "../../core/drain/plan/planFacts";
import type { NodeSelector } from "../../core/drain/scope";
import {
  KINDS,
  type KubeClient,
  type NodeView,
  type PodView,
  projectService,
  projectWorkload,
} from "../../kube";
import { nodeFactOf, podFactOf, readBudgetFact, readWorkloadFact } from "./facts";
import { allocatableOf, listIfAllowed, listKind, placedPod, type Places, readPlaces } from "./places";
import { type DrainRequest, specOf } from "./request";

export type { DrainPlan, Finding } from "../../core/drain/plan/plan";
export type { PodExplanation } from "../../core/drain/plan/explain";

export interface PlanOptions {
  /** Nodes that are meant to take the pods; absent = all that can. */
  readonly to?: NodeSelector;
  readonly signal?: AbortSignal;
  readonly now?: () => number;
}

const WORKLOADS = [
  ["Deployment", KINDS.deployments],
  ["ReplicaSet", KINDS.replicaSets],
  ["StatefulSet", KINDS.statefulSets],
  ["Job", KINDS.jobs],
] as const;

const readWorkloads = async (kube: KubeClient, signal?: AbortSignal): Promise<readonly WorkloadFact[]> => {
  const lists = await Promise.all(
    WORKLOADS.map(([name, kind]) => listKind(kube, { kind, project: readWorkloadFact(name) }, signal)),
  );
  return lists.flat();
};

const planPod = (view: PodView, places: Places): PlanPod => ({
  ...podFactOf(view),
  placed: placedPod(view, places),
  readinessGates: view.readinessGates,
  preStopSeconds: view.preStopSeconds,
  priority: view.priority,
  preempts: view.preemptionPolicy !== "Never",
  ...(view.readySince === undefined ? {} : { readySince: Date.parse(view.readySince) }),
});

/** Condition times are whole seconds: a node that is Ready within its first one came in no time. */
const provisionOf = ({ ready, createdAt, readySince }: NodeView): Pick<PlanNode, "provisionMs"> => {
  const ms = Date.parse(readySince ?? "") - Date.parse(createdAt ?? "");
  return ready && ms >= 0 ? { provisionMs: ms } : {};
};

const planNode = (view: NodeView, places: Places): PlanNode => ({
  ...nodeFactOf(view),
  allocatable: allocatableOf(view, places),
  ...provisionOf(view),
});

const claimsWith = (
  { volumes }: Places,
  has: (volume: { readonly local: boolean; readonly exclusive: boolean }) => boolean,
): ReadonlySet<string> => new Set([...volumes].flatMap(([claim, volume]) => (has(volume) ? [claim] : [])));

type Placed = Pick<PlanFacts, "nodes" | "pods" | "localClaims" | "exclusiveClaims">;

const placedFacts = (places: Places): Placed => ({
  nodes: places.nodes.map(view => planNode(view, places)),
  pods: places.pods.map(view => planPod(view, places)),
  localClaims: claimsWith(places, ({ local }) => local),
  exclusiveClaims: claimsWith(places, ({ exclusive }) => exclusive),
});

interface Read {
  readonly facts: PlanFacts;
  readonly views: readonly NodeView[];
}

/** What a plan can do without is left out when this identity may not list it, and named. */
const readFacts = async (kube: KubeClient, { signal, now = Date.now }: PlanOptions): Promise<Read> => {
  const [places, budgets, workloads, services, daemons] = await Promise.all([
    readPlaces(kube, signal),
    listKind(kube, { kind: KINDS.budgets, project: readBudgetFact }, signal),
    readWorkloads(kube, signal),
    listIfAllowed(kube, { kind: KINDS.services, project: projectService }, signal),
    listIfAllowed(kube, { kind: KINDS.daemonSets, project: projectWorkload("DaemonSet") }, signal),
  ]);
  const unread = [
    ...places.unread,
    ...(services === undefined ? [KINDS.services.plural] : []),
    ...(daemons === undefined ? [KINDS.daemonSets.plural] : []),
  ];
  const facts: PlanFacts = {
    now: now(),
    ...placedFacts(places),
    budgets,
    workloads,
    services: services ?? [],
    ...(daemons === undefined ? {} : { daemonSets: new Set(daemons.map(({ uid }) => uid)) }),
    unread,
  };
  return { facts, views: places.nodes };
};

const questionOf = (request: DrainRequest, views: readonly NodeView[], to?: NodeSelector): PlanRequest => {
  const { nodes, percent, cordon, rules } = specOf(request, views, 0);
  return { nodes, percent, cordon, rules, ...(to === undefined ? {} : { to }) };
};

/** Reads the cluster once and says what the drain would meet. Changes nothing. */
export const readPlan = async (
  kube: KubeClient,
  request: DrainRequest,
  options: PlanOptions = {},
): Promise<DrainPlan> => {
  const { facts, views } = await readFacts(kube, options);
  return planDrain(facts, questionOf(request, views, options.to));
};

/** Why a pod (`POD` or `namespace/POD`), or each pod of a node, would move or not. Empty when nothing bears the name. */
export const explainDrain = async (
  kube: KubeClient,
  request: DrainRequest,
  ...[subject, options = {}]: readonly [subject: string, options?: PlanOptions]
): Promise<readonly PodExplanation[]> => {
  const { facts, views } = await readFacts(kube, options);
  return explainSubject(facts, questionOf(request, views), subject);
};

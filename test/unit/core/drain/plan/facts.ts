import type { BudgetFact, NodeFact, PodFact, WorkloadFact } from "../../../../../core/drain/facts";
import type { PlacedPod } from "../../../../../core/drain/placement";
import { type DrainPlan, type Finding, planDrain } from "../../../../../core/drain/plan/plan";
import type { PlanFacts, PlanNode, PlanPod, PlanRequest } from "../../../../../core/drain/plan/planFacts";
import { budget, node, pod, workload } from "../../../../support/drainSimulator/builders";

export const NOW = 1_000_000;

/** A Ready pod of the Deployment "web" on blue-0, with its place. */
export const planPod = (
  name: string,
  more: Partial<PodFact & Omit<PlanPod, "placed">> = {},
  placed: Partial<PlacedPod> = {},
): PlanPod => {
  const fact = pod(name, more);
  return {
    readinessGates: [],
    preStopSeconds: 0,
    priority: 0,
    preempts: true,
    ...fact,
    placed: {
      namespace: fact.namespace,
      name,
      labels: fact.labels,
      requests: { cpu: 100, pods: 1 },
      tolerations: fact.tolerations,
      nodeSelector: {},
      affinity: undefined,
      topologySpread: [],
      hostPorts: [],
      claims: fact.claims ?? [],
      schedulerName: "default-scheduler",
      devices: false,
      ...placed,
    },
  };
};

export const planNode = (name: string, more: Partial<NodeFact> = {}, cpu = 1_000): PlanNode => ({
  ...node(name, {
    labels: { pool: name.replace(/-.*/, ""), "kubernetes.io/hostname": name },
    cordoned: false,
    fenced: false,
    ...more,
  }),
  allocatable: { cpu, pods: 110 },
});

/** ReplicaSet "web" of Deployment "web". */
export const WEB: readonly WorkloadFact[] = [
  workload(3, { uid: "d-web", kind: "Deployment" }),
  workload(3, { owner: { apiVersion: "apps/v1", kind: "Deployment", name: "web", uid: "d-web" } }),
];

/** Three pods under a budget that lets one go at a time; one blue node, one green. */
export const planFacts = (more: Partial<PlanFacts> = {}): PlanFacts => ({
  now: NOW,
  nodes: [planNode("blue-0"), planNode("green-0")],
  pods: ["web-1", "web-2", "web-3"].map(name => planPod(name)),
  budgets: [budget()],
  workloads: WEB,
  services: [],
  daemonSets: new Set(),
  localClaims: new Set(),
  exclusiveClaims: new Set(),
  ...more,
});

export const REQUEST: PlanRequest = {
  nodes: { labels: { matchLabels: { pool: "blue" } } },
  percent: 100,
  cordon: true,
  rules: { force: false, deleteEmptyDirData: false },
};

export const planOf = (facts: Partial<PlanFacts>, request: Partial<PlanRequest> = {}): DrainPlan =>
  planDrain(planFacts(facts), { ...REQUEST, ...request });

/** `severity CODE` of each finding. */
export const findingsOf = (plan: DrainPlan): readonly string[] =>
  plan.findings.map(({ severity, code }) => `${severity} ${code}`);

export const finding = (plan: DrainPlan, code: string): Finding | undefined =>
  plan.findings.find(one => one.code === code);

export const budgets = (...more: readonly Partial<BudgetFact>[]): readonly BudgetFact[] =>
  more.map(one => budget(one));

import type { Manifest } from "../../lab/demo/shop/pieces";
import { SIMULATE } from "../../lab";
import type { Budget, Workload } from "./scenario";

const APP = "app";
/** Longer than any pod takes to stop. */
const GRACE_SECONDS = 30;

const spreadRule = (name: string): object => ({
  maxSkew: 1,
  topologyKey: "kubernetes.io/hostname",
  whenUnsatisfiable: "DoNotSchedule",
  labelSelector: { matchLabels: { [APP]: name } },
});

const podTemplate = ({ name, pace, cpuMillis, spread }: Workload): object => ({
  metadata: {
    labels: { [APP]: name },
    annotations: {
      [SIMULATE.startDelay]: `${pace.startMs}ms`,
      [SIMULATE.readyDelay]: `${pace.readyMs}ms`,
      [SIMULATE.stopDelay]: `${pace.stopMs}ms`,
    },
  },
  spec: {
    terminationGracePeriodSeconds: GRACE_SECONDS,
    ...(spread === true ? { topologySpreadConstraints: [spreadRule(name)] } : {}),
    containers: [
      { name: APP, image: `bench.invalid/${APP}:1`, resources: { requests: { cpu: `${cpuMillis}m` } } },
    ],
  },
});

const budgetManifest = (name: string, selected: string, budget: Budget): Manifest => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name },
  spec: { selector: { matchLabels: { [APP]: selected } }, ...budget },
});

const workloadManifest = (workload: Workload): Manifest => {
  const { name, kind, replicas } = workload;
  return {
    apiVersion: "apps/v1",
    kind,
    metadata: { name },
    spec: {
      replicas,
      ...(kind === "StatefulSet" ? { serviceName: name, podManagementPolicy: "Parallel" } : {}),
      selector: { matchLabels: { [APP]: name } },
      template: podTemplate(workload),
    },
  };
};

/** Budgets first: no pod is ever without its own. */
export const manifestsOf = (workload: Workload, namespace: string): readonly Manifest[] =>
  [
    ...workload.budgets.map((budget, index) =>
      budgetManifest(index === 0 ? workload.name : `${workload.name}-${index}`, workload.name, budget),
    ),
    workloadManifest(workload),
  ].map(manifest => ({ ...manifest, metadata: { ...manifest.metadata, namespace } }));

/** The workload of a pod, from its labels. */
export const workloadNameOf = (labels: Readonly<Record<string, string>>): string => labels[APP] ?? "";

/** Manifests of a shop as plain data, short to read: what differs between workloads is all that is written down. */
import { SIMULATE } from "../../simulator/annotations";

export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

export const SHOP = "shop";

/** How long a pod takes to start, to be ready after that, and to stop: "1s". */
export interface Pace {
  readonly start: string;
  readonly ready: string;
  readonly stop: string;
}

export interface PodTemplateSpec {
  readonly app: string;
  readonly pace: Pace;
  readonly extra?: Readonly<Record<string, unknown>>;
}

const IMAGE = "registry.invalid/shop/";
const GRACE_SECONDS = 10;

/** Spread over nodes as a careful team would write it; a wish, because a rule would leave pods pending mid-way. */
const spread = (app: string): object => ({
  maxSkew: 1,
  topologyKey: "kubernetes.io/hostname",
  whenUnsatisfiable: "ScheduleAnyway",
  labelSelector: { matchLabels: { app } },
});

export const podTemplate = ({ app, pace, extra = {} }: PodTemplateSpec): object => ({
  metadata: {
    labels: { app },
    annotations: {
      [SIMULATE.startDelay]: pace.start,
      [SIMULATE.readyDelay]: pace.ready,
      [SIMULATE.stopDelay]: pace.stop,
    },
  },
  spec: {
    terminationGracePeriodSeconds: GRACE_SECONDS,
    topologySpreadConstraints: [spread(app)],
    containers: [
      { name: app, image: `${IMAGE}${app}:1`, resources: { requests: { cpu: "100m", memory: "128Mi" } } },
    ],
    ...extra,
  },
});

interface Scaled {
  readonly name: string;
  readonly replicas: number;
  readonly pace: Pace;
  /** Of the pod's spec, in place of what is there. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

const shopMeta = (name: string): { name: string; namespace: string } => ({ name, namespace: SHOP });

const selectorOf = (app: string): object => ({ matchLabels: { app } });

export const deployment = ({ name, replicas, pace, extra = {} }: Scaled): Manifest => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: shopMeta(name),
  spec: { replicas, selector: selectorOf(name), template: podTemplate({ app: name, pace, extra }) },
});

export const statefulSet = ({ name, replicas, pace }: Scaled): Manifest => ({
  apiVersion: "apps/v1",
  kind: "StatefulSet",
  metadata: shopMeta(name),
  spec: {
    replicas,
    serviceName: name,
    podManagementPolicy: "Parallel",
    selector: selectorOf(name),
    template: podTemplate({ app: name, pace }),
  },
});

export const budget = (
  app: string,
  limits: { readonly minAvailable?: number | string; readonly maxUnavailable?: number | string },
): Manifest => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: shopMeta(app),
  spec: { selector: selectorOf(app), ...limits },
});

/** One budget over the pods of several workloads. */
export const sharedBudget = (
  name: string,
  apps: readonly string[],
  limits: { readonly minAvailable: number },
): Manifest => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: shopMeta(name),
  spec: { selector: { matchExpressions: [{ key: "app", operator: "In", values: apps }] }, ...limits },
});

export const autoscaler = (
  name: string,
  range: { readonly min: number; readonly max: number },
): Manifest => ({
  apiVersion: "autoscaling/v2",
  kind: "HorizontalPodAutoscaler",
  metadata: shopMeta(name),
  spec: {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
    minReplicas: range.min,
    maxReplicas: range.max,
    metrics: [
      {
        type: "Resource",
        resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
      },
    ],
  },
});

export const service = (name: string): Manifest => ({
  apiVersion: "v1",
  kind: "Service",
  metadata: shopMeta(name),
  spec: { selector: { app: name }, ports: [{ port: 80, targetPort: 8080 }] },
});

/** Runs on every node, fenced or new: what an agent for logs or network is like. */
export const daemonSet = (name: string, pace: Pace): Manifest => ({
  apiVersion: "apps/v1",
  kind: "DaemonSet",
  metadata: { name, namespace: "kube-system" },
  spec: {
    selector: selectorOf(name),
    template: podTemplate({ app: name, pace, extra: { tolerations: [{ operator: "Exists" }] } }),
  },
});

/** A pod that holds one device of this kind, on nodes that are tainted by the device's name. */
export const withDevice = (app: string, resource: string): Readonly<Record<string, unknown>> => ({
  tolerations: [{ key: resource, operator: "Exists" }],
  containers: [
    {
      name: app,
      image: `${IMAGE}${app}:1`,
      resources: {
        requests: { cpu: "100m", memory: "128Mi", [resource]: "1" },
        limits: { [resource]: "1" },
      },
    },
  ],
});

/** As providers of virtual nodes tell their users to write it. */
export const onVirtualNodes: Readonly<Record<string, unknown>> = {
  nodeSelector: { type: "virtual-kubelet" },
  tolerations: [{ key: "virtual-kubelet.io/provider", operator: "Exists" }],
};

interface Task {
  readonly name: string;
  /** How long one run takes. */
  readonly duration: string;
}

const taskTemplate = ({ name, duration }: Task): object => ({
  metadata: {
    labels: { app: name },
    annotations: { [SIMULATE.duration]: duration, [SIMULATE.exitCode]: "0", [SIMULATE.stopDelay]: "1s" },
  },
  spec: { restartPolicy: "Never", containers: [{ name, image: `${IMAGE}${name}:1` }] },
});

export const job = (task: Task): Manifest => ({
  apiVersion: "batch/v1",
  kind: "Job",
  metadata: shopMeta(task.name),
  spec: { backoffLimit: 6, podReplacementPolicy: "Failed", template: taskTemplate(task) },
});

export const cronJob = (task: Task, schedule: string): Manifest => ({
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: shopMeta(task.name),
  spec: { schedule, concurrencyPolicy: "Forbid", jobTemplate: { spec: { template: taskTemplate(task) } } },
});

import type { Workload } from "../scenario";
import type { ApiObject } from "./store";

export interface StandInPod {
  readonly uid: string;
  readonly name: string;
  readonly workload: Workload;
  readonly createdAt: string;
  readonly node?: string;
  readonly phase: "Pending" | "Running";
  readonly ready: boolean;
  readonly deleting: boolean;
}

export const NAMESPACE = "crowd";
export const MADE_AT = "2026-01-01T00:00:00Z";

const uidOf = (kind: string, name: string): string => `${kind}-${name}`;

const meta = (kind: string, name: string) => ({
  name,
  namespace: NAMESPACE,
  uid: uidOf(kind, name),
  generation: 1,
  creationTimestamp: MADE_AT,
  labels: { app: name },
});

const owner = (kind: string, name: string) => [
  { apiVersion: "apps/v1", kind, name, uid: uidOf(kind, name), controller: true, blockOwnerDeletion: true },
];

/** What other writers leave on an object: half of its size, and read by nobody. */
const managedFields = (managers: readonly string[]): readonly object[] =>
  managers.map(manager => ({
    manager,
    operation: "Update",
    apiVersion: "v1",
    time: MADE_AT,
    fieldsType: "FieldsV1",
    fieldsV1: {
      "f:metadata": { "f:labels": { ".": {}, "f:app": {} }, "f:ownerReferences": { ".": {}, "k:{}": {} } },
      "f:spec": {
        "f:containers": { 'k:{"name":"app"}': { ".": {}, "f:image": {}, "f:name": {}, "f:resources": {} } },
        "f:dnsPolicy": {},
        "f:restartPolicy": {},
        "f:terminationGracePeriodSeconds": {},
      },
      "f:status": { "f:conditions": { ".": {} }, "f:containerStatuses": {}, "f:phase": {}, "f:podIPs": {} },
    },
  }));

export const nodeObject = (name: string, pool: "blue" | "green"): ApiObject => ({
  kind: "Node",
  metadata: {
    name,
    uid: uidOf("Node", name),
    creationTimestamp: MADE_AT,
    labels: { pool, "kubernetes.io/hostname": name, "topology.kubernetes.io/zone": "a" },
    annotations: {},
    managedFields: managedFields(["kubelet", "kube-controller-manager"]),
  },
  spec: {},
  status: {
    allocatable: { cpu: "8", memory: "32Gi", pods: "110" },
    conditions: [{ type: "Ready", status: "True", lastTransitionTime: MADE_AT }],
  },
});

export const deploymentObject = ({ name, replicas }: Workload): ApiObject => ({
  kind: "Deployment",
  metadata: { ...meta("Deployment", name), managedFields: managedFields(["kube-controller-manager"]) },
  spec: { replicas, selector: { matchLabels: { app: name } } },
  status: { observedGeneration: 1, replicas, readyReplicas: replicas, availableReplicas: replicas },
});

export const replicaSetObject = ({ name, replicas }: Workload, ready: number): ApiObject => ({
  kind: "ReplicaSet",
  metadata: {
    ...meta("ReplicaSet", name),
    ownerReferences: owner("Deployment", name),
    managedFields: managedFields(["kube-controller-manager"]),
  },
  spec: { replicas, selector: { matchLabels: { app: name } } },
  status: { observedGeneration: 1, replicas, readyReplicas: ready, availableReplicas: ready },
});

export interface BudgetState {
  readonly healthy: number;
  readonly needed: number;
  readonly disrupted: readonly string[];
}

export const budgetObject = (workload: Workload, { healthy, needed, disrupted }: BudgetState): ApiObject => ({
  kind: "PodDisruptionBudget",
  metadata: meta("PodDisruptionBudget", workload.name),
  spec: { ...workload.budgets[0], selector: { matchLabels: { app: workload.name } } },
  status: {
    observedGeneration: 1,
    disruptionsAllowed: Math.max(0, healthy - needed),
    currentHealthy: healthy,
    desiredHealthy: needed,
    expectedPods: workload.replicas,
    ...(disrupted.length === 0
      ? {}
      : { disruptedPods: Object.fromEntries(disrupted.map(name => [name, new Date().toISOString()])) }),
  },
});

const condition = (type: string, isTrue: boolean) => ({
  type,
  status: isTrue ? "True" : "False",
  lastProbeTime: null,
  lastTransitionTime: MADE_AT,
});

const podStatus = ({ node, phase, ready, deleting }: StandInPod): object => ({
  phase,
  qosClass: "Burstable",
  conditions: [
    condition("PodScheduled", node !== undefined),
    ...(phase === "Running"
      ? [condition("Initialized", true), condition("ContainersReady", ready), condition("Ready", ready)]
      : []),
    ...(deleting ? [{ ...condition("DisruptionTarget", true), reason: "EvictionByEvictionAPI" }] : []),
  ],
  ...(phase === "Running"
    ? {
        hostIP: "10.0.0.1",
        podIP: "10.1.0.1",
        podIPs: [{ ip: "10.1.0.1" }],
        startTime: MADE_AT,
        containerStatuses: [
          { name: "app", ready, restartCount: 0, image: "bench.invalid/app:1", state: { running: {} } },
        ],
      }
    : {}),
});

/** As API servers write it: to the second. */
export const timestamp = (at: number): string => new Date(at).toISOString().replace(/\.\d+Z/, "Z");

const podMeta = ({ name, uid, workload, createdAt, deleting }: StandInPod): ApiObject["metadata"] => {
  const { stopMs } = workload.pace;
  const going = {
    deletionTimestamp: timestamp(Date.now() + stopMs),
    deletionGracePeriodSeconds: stopMs / 1_000,
  };
  return {
    name,
    namespace: NAMESPACE,
    uid,
    creationTimestamp: createdAt,
    labels: { app: workload.name, "pod-template-hash": "7d9c5b6f84" },
    annotations: { "example.com/checksum": "0123456789abcdef0123456789abcdef0123456789abcdef" },
    ownerReferences: owner("ReplicaSet", workload.name),
    managedFields: managedFields(["kube-controller-manager", "kubelet"]),
    ...(deleting ? going : {}),
  };
};

const containerOf = ({ workload }: StandInPod): object => ({
  name: "app",
  image: "bench.invalid/app:1",
  resources: { requests: { cpu: `${workload.cpuMillis}m` } },
  volumeMounts: [
    { name: "token", readOnly: true, mountPath: "/var/run/secrets/kubernetes.io/serviceaccount" },
  ],
});

const TOLERATIONS = ["not-ready", "unreachable"].map(state => ({
  key: `node.kubernetes.io/${state}`,
  operator: "Exists",
  effect: "NoExecute",
  tolerationSeconds: 300,
}));

export const podObject = (pod: StandInPod): ApiObject => ({
  kind: "Pod",
  metadata: podMeta(pod),
  spec: {
    ...(pod.node === undefined ? {} : { nodeName: pod.node }),
    terminationGracePeriodSeconds: pod.workload.pace.stopMs / 1_000,
    containers: [containerOf(pod)],
    volumes: [{ name: "token", projected: { defaultMode: 420, sources: [] } }],
    tolerations: TOLERATIONS,
    restartPolicy: "Always",
    dnsPolicy: "ClusterFirst",
    schedulerName: "default-scheduler",
    serviceAccountName: "default",
    priority: 0,
    preemptionPolicy: "PreemptLowerPriority",
  },
  status: podStatus(pod),
});

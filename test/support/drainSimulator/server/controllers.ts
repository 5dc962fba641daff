import type { PodFact } from "../../../../core/drain/facts";
import type { StoryWorkload } from "../story";
import { deletePod, schedule } from "./kubelet";
import {
  claimOf,
  isActive,
  type LivePod,
  type LiveWorkload,
  NAMESPACE,
  nextVersion,
  ownerKind,
  podsOf,
  replicaSetOf,
  type Server,
  writePod,
} from "./objects";

const ownerOf = ({ kind, name }: StoryWorkload): PodFact["owner"] => {
  if (kind === "DaemonSet") return { apiVersion: "apps/v1", kind, name, uid: `own-${name}` };
  const known = ownerKind(kind);
  if (known === undefined) return undefined;
  const apiVersion = kind === "Job" ? "batch/v1" : "apps/v1";
  const ownerName = kind === "Deployment" ? replicaSetOf(name) : name;
  return { apiVersion, kind: known, name: ownerName, uid: `own-${name}` };
};

const TOLERATES = [{ key: "node.kubernetes.io/unschedulable", operator: "Exists", effect: "NoSchedule" }];

export const newPod = (server: Server, spec: StoryWorkload, name: string): LivePod => {
  const owner = ownerOf(spec);
  return {
    uid: `uid-${nextVersion(server)}`,
    resourceVersion: "0",
    namespace: NAMESPACE,
    name,
    labels: { app: spec.name },
    annotations: {},
    phase: "Pending",
    ready: false,
    createdAt: server.clock.now(),
    graceSeconds: Math.ceil(spec.graceMs / 1000),
    mirror: spec.kind === "Static",
    tolerations: spec.toleratesCordon === true ? TOLERATES : [],
    localStorage: spec.localStorage === true,
    ...(owner === undefined ? {} : { owner }),
    ...(spec.detachMs === undefined ? {} : { claims: [claimOf(name)] }),
  };
};

const create = (server: Server, spec: StoryWorkload, name: string): void => {
  const pod = newPod(server, spec, name);
  writePod(server, pod, "cluster");
  schedule(server, pod.uid, server.story.pace.schedulerMs);
};

/** Pods that serve nobody go first, then the youngest. */
const byExpendability = (a: LivePod, b: LivePod): number =>
  Number(a.ready) - Number(b.ready) || b.createdAt - a.createdAt || (a.uid < b.uid ? -1 : 1);

/** ReplicaSets and Jobs: a successor as soon as a pod is being deleted. */
const reconcileCount = (server: Server, workload: LiveWorkload): void => {
  const { spec, replicas } = workload;
  const active = podsOf(server, spec.name).filter(isActive);
  for (let made = active.length; made < replicas; made++)
    create(server, spec, `${spec.name}-x${nextVersion(server)}`);
  const surplus = [...active].sort(byExpendability).slice(0, Math.max(0, active.length - replicas));
  for (const pod of surplus) deletePod(server, pod.uid, "world");
};

/** StatefulSets: a successor of the same name, once the pod is gone. */
const reconcileOrdinals = (server: Server, { spec, replicas }: LiveWorkload): void => {
  const pods = podsOf(server, spec.name);
  for (let index = 0; index < replicas; index++) {
    const name = `${spec.name}-${index}`;
    if (!pods.some(pod => pod.name === name)) create(server, spec, name);
  }
  for (const pod of pods) {
    if (Number(pod.name.slice(spec.name.length + 1)) >= replicas) deletePod(server, pod.uid, "world");
  }
};

const reconcile = (server: Server, name: string): void => {
  const workload = server.workloads.get(name);
  if (workload === undefined) return;
  if (workload.spec.kind === "StatefulSet") reconcileOrdinals(server, workload);
  else if (workload.spec.kind === "Deployment" || workload.spec.kind === "Job")
    reconcileCount(server, workload);
};

/** Each change of a workload or of its pods is looked at once, a little later. */
export const startControllers = (server: Server): void => {
  const waiting = new Set<string>();
  server.listeners.push(({ kind, fact }) => {
    if (kind !== "pod" && kind !== "workload") return;
    const name = kind === "pod" ? ((fact as LivePod).labels["app"] ?? "") : fact.name;
    if (waiting.has(name)) return;
    waiting.add(name);
    server.clock.after(server.story.pace.controllerMs, () => {
      waiting.delete(name);
      reconcile(server, name);
    });
  });
};

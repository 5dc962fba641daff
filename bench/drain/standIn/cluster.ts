import { collectionPath, KINDS, namespacePath } from "../../../kube";
import { NAMES } from "../../../core/identity/names";
import type { Sighting } from "../ledger";
import { roomOf, type Scenario, type Workload } from "../scenario";
import {
  budgetObject,
  deploymentObject,
  MADE_AT,
  NAMESPACE,
  nodeObject,
  podObject,
  replicaSetObject,
  type StandInPod,
  timestamp,
} from "./objects";
import type { Evict } from "./serve";
import type { ApiStore } from "./store";

/*
 * Controllers, scheduler and kubelets as far as a drain notices them. Successors are made as fast as the lab's
 * controller manager may: that paces the whole.
 */
const SUCCESSORS_A_SECOND = 200;
const BEAT_MS = 20;
const CONTROLLER_MS = 30;
const BIND_MS = 20;

const PATH = {
  pods: collectionPath(KINDS.pods),
  nodes: collectionPath(KINDS.nodes),
  budgets: collectionPath(KINDS.budgets),
  deployments: collectionPath(KINDS.deployments),
  replicaSets: collectionPath(KINDS.replicaSets),
};

export interface StandInHooks {
  readonly seen: (pod: Sighting) => void;
  readonly gone: (uid: string) => void;
}

interface Crew {
  readonly workload: Workload;
  readonly pods: Map<string, StandInPod>;
  readonly disrupted: Set<string>;
  /** Its controllers are about to look. */
  due: boolean;
}

interface Cluster {
  readonly store: ApiStore;
  readonly hooks: StandInHooks;
  readonly crews: ReadonlyMap<string, Crew>;
  readonly byName: Map<string, StandInPod>;
  readonly green: readonly string[];
  /** Workloads that lack a pod, one entry for each pod. */
  readonly wanted: Crew[];
  made: number;
}

const neededBy = (workload: Workload): number => workload.replicas - (roomOf(workload) ?? 0);

const serves = (pod: StandInPod): boolean => pod.ready && !pod.deleting;

const healthyOf = ({ pods, disrupted }: Crew): number =>
  [...pods.values()].filter(pod => serves(pod) && !disrupted.has(pod.name)).length;

const writeBudget = ({ store }: Cluster, crew: Crew): void => {
  const { workload, disrupted } = crew;
  const state = { healthy: healthyOf(crew), needed: neededBy(workload), disrupted: [...disrupted] };
  store.put(PATH.budgets, budgetObject(workload, state));
};

/** What the disruption controller and the ReplicaSet's one write after a change. */
const reconcile = (cluster: Cluster, crew: Crew): void => {
  crew.due = false;
  for (const name of crew.disrupted)
    if (cluster.byName.get(name)?.deleting !== false) crew.disrupted.delete(name);
  writeBudget(cluster, crew);
  cluster.store.put(PATH.replicaSets, replicaSetObject(crew.workload, healthyOf(crew)));
};

const look = (cluster: Cluster, crew: Crew): void => {
  if (crew.due) return;
  crew.due = true;
  setTimeout(() => reconcile(cluster, crew), CONTROLLER_MS);
};

const write = (cluster: Cluster, crew: Crew, pod: StandInPod): void => {
  crew.pods.set(pod.uid, pod);
  cluster.byName.set(pod.name, pod);
  cluster.store.put(PATH.pods, podObject(pod));
  const { uid, node, ready, deleting } = pod;
  cluster.hooks.seen({ uid, workload: pod.workload.name, node, ready, going: deleting });
  look(cluster, crew);
};

const end = (cluster: Cluster, crew: Crew, { uid, name }: StandInPod): void => {
  crew.pods.delete(uid);
  cluster.byName.delete(name);
  cluster.store.remove(PATH.pods, `${NAMESPACE}/${name}`);
  cluster.hooks.gone(uid);
  look(cluster, crew);
};

const makeSuccessor = (cluster: Cluster, crew: Crew): void => {
  const { workload } = crew;
  const { startMs, readyMs } = workload.pace;
  const index = cluster.made++;
  const node = cluster.green[index % cluster.green.length] ?? "";
  const uid = `new-${index}`;
  const created = { uid, name: `${workload.name}-${uid}`, workload, createdAt: timestamp(Date.now()) };
  const pending = { ...created, phase: "Pending", ready: false, deleting: false } as const;
  write(cluster, crew, pending);
  setTimeout(() => write(cluster, crew, { ...pending, node }), BIND_MS);
  setTimeout(() => write(cluster, crew, { ...pending, node, phase: "Running" }), BIND_MS + startMs);
  setTimeout(
    () => write(cluster, crew, { ...pending, node, phase: "Running", ready: true }),
    BIND_MS + startMs + readyMs,
  );
};

const evictWith =
  (cluster: Cluster): Evict =>
  ({ name, uid }) => {
    const pod = cluster.byName.get(name);
    if (pod === undefined || pod.deleting) return 404;
    if (pod.uid !== uid) return 409;
    const crew = cluster.crews.get(pod.workload.name);
    if (crew === undefined || healthyOf(crew) <= neededBy(pod.workload)) return 429;
    crew.disrupted.add(name);
    writeBudget(cluster, crew);
    const going = { ...pod, deleting: true };
    write(cluster, crew, going);
    cluster.wanted.push(crew);
    setTimeout(() => end(cluster, crew, going), pod.workload.pace.stopMs);
    return 201;
  };

const settle = (cluster: Cluster, blue: readonly string[]): void => {
  const { store, crews, green } = cluster;
  store.put(namespacePath("").replace(/\/$/, ""), { metadata: { name: NAMES.namespace, uid: "namespace" } });
  blue.forEach(name => store.put(PATH.nodes, nodeObject(name, "blue")));
  green.forEach(name => store.put(PATH.nodes, nodeObject(name, "green")));
  let index = 0;
  for (const crew of crews.values()) {
    const { workload } = crew;
    store.put(PATH.deployments, deploymentObject(workload));
    for (let number = 0; number < workload.replicas; number += 1) {
      const uid = `old-${index}`;
      const node = blue[index++ % blue.length] ?? "";
      const name = `${workload.name}-${uid}`;
      write(cluster, crew, {
        ...{ uid, name, workload, createdAt: MADE_AT, node },
        ...{ phase: "Running", ready: true, deleting: false },
      });
    }
  }
};

export interface StandInCluster {
  readonly blue: readonly string[];
  readonly evict: Evict;
  readonly close: () => void;
}

/** A scenario's workloads, all on blue and ready, and a green as large. */
export const openCluster = (store: ApiStore, scenario: Scenario, hooks: StandInHooks): StandInCluster => {
  const names = (pool: string): readonly string[] =>
    Array.from({ length: scenario.nodes }, (_, index) => `${pool}-${index}`);
  const blue = names("blue");
  const cluster: Cluster = {
    ...{ store, hooks, green: names("green"), byName: new Map(), wanted: [], made: 0 },
    crews: new Map(
      scenario.workloads.map(workload => [
        workload.name,
        { workload, pods: new Map(), disrupted: new Set(), due: false },
      ]),
    ),
  };
  settle(cluster, blue);
  const beat = setInterval(() => {
    const crews = cluster.wanted.splice(0, (SUCCESSORS_A_SECOND * BEAT_MS) / 1_000);
    crews.forEach(crew => makeSuccessor(cluster, crew));
  }, BEAT_MS);
  return { blue, evict: evictWith(cluster), close: () => clearInterval(beat) };
};

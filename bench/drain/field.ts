import {
  collectionPath,
  isKubeError,
  KINDS,
  type KubeClient,
  listBudgets,
  namespacePath,
  objectPath,
  type PodView,
  projectPod,
  type Reflector,
  startReflector,
} from "../../kube";
import { surgeMarks } from "../../core/drain/ladder/surgeRecord";
import { LABEL } from "../../core/identity/names";
import { deleteLabPool } from "../../lab";
import { type Arena, LAB, type Pool, until } from "./arena";
import { manifestsOf, workloadNameOf } from "./manifests";
import { podsOf, type Scenario, type Workload } from "./scenario";

/** One pod costs the simulation some milliseconds; thousands at once take their time. */
const SETTLE_MS = 120_000;
const SETTLE_MS_PER_POD = 60;
const AT_ONCE = 20;

/** A scenario's workloads, alive in a namespace of their own. */
export interface Field {
  readonly arena: Arena;
  readonly scenario: Scenario;
  readonly namespace: string;
  readonly pods: Reflector<PodView>;
  readonly close: () => Promise<void>;
}

export const inBatches = async <T>(
  items: readonly T[],
  work: (item: T) => Promise<unknown>,
): Promise<void> => {
  for (let from = 0; from < items.length; from += AT_ONCE)
    await Promise.all(items.slice(from, from + AT_ONCE).map(work));
};

const collectionOf = ({ kind }: Workload): (typeof KINDS)[keyof typeof KINDS] =>
  kind === "StatefulSet" ? KINDS.statefulSets : KINDS.deployments;

const create = async (kube: KubeClient, workload: Workload, namespace: string): Promise<void> => {
  for (const body of manifestsOf(workload, namespace)) {
    const kind = body.kind === "PodDisruptionBudget" ? KINDS.budgets : collectionOf(workload);
    const path = collectionPath(kind, namespace);
    await kube.request({ method: "POST", path, body });
  }
};

const removeNamespace = async (kube: KubeClient, name: string): Promise<void> => {
  await kube.request({ method: "DELETE", path: namespacePath(name), timeoutMs: 60_000 });
};

/** Fills the cluster as it is: what pools there are take the pods. */
export const openField = async (arena: Arena, scenario: Scenario): Promise<Field> => {
  const { kube } = arena;
  const namespace = `bench-${scenario.name.toLowerCase()}`;
  await kube.request({
    method: "POST",
    path: collectionPath(KINDS.namespaces),
    body: { metadata: { name: namespace } },
  });
  const stop = new AbortController();
  const pods = startReflector(kube, {
    path: collectionPath(KINDS.pods, namespace),
    project: projectPod,
    signal: AbortSignal.any([stop.signal, arena.bench.signal]),
  });
  await pods.synced;
  await inBatches(scenario.workloads, workload => create(kube, workload, namespace));
  const close = async (): Promise<void> => {
    stop.abort();
    await removeNamespace(kube, namespace);
  };
  return { arena, scenario, namespace, pods, close };
};

const wantedBy = ({ workloads }: Scenario): ReadonlyMap<string, number> =>
  new Map(workloads.map(({ name, replicas }) => [name, replicas]));

const unsettledPods = ({ pods, scenario }: Field): string | undefined => {
  const ready = new Map<string, number>();
  for (const pod of pods.snapshot().values()) {
    const workload = workloadNameOf(pod.labels);
    if (pod.deletionTimestamp !== undefined) return `${pod.name} is going`;
    if (pod.ready) ready.set(workload, (ready.get(workload) ?? 0) + 1);
  }
  for (const [name, replicas] of wantedBy(scenario))
    if (ready.get(name) !== replicas) return `${name} has ${ready.get(name) ?? 0} of ${replicas} ready`;
  return undefined;
};

/** The controller counts a pod for one of its budgets only: a second one over the same pods stays uncounted. */
const unsettledBudgets = async ({ arena, scenario, namespace }: Field): Promise<string | undefined> => {
  const counted = new Map(
    scenario.workloads
      .filter(({ budgets }) => budgets.length === 1)
      .map(({ name, replicas }) => [name, replicas]),
  );
  const budgets = await listBudgets(arena.kube, { signal: arena.bench.signal });
  return budgets.find(
    budget =>
      budget.namespace === namespace &&
      counted.has(budget.name) &&
      (budget.currentHealthy !== counted.get(budget.name) || Object.keys(budget.disruptedPods).length > 0),
  )?.name;
};

/** Every pod is ready, every budget has its full room. */
export const settle = (field: Field): Promise<void> =>
  until(
    field.arena.bench,
    SETTLE_MS + SETTLE_MS_PER_POD * podsOf(field.scenario),
    async () => unsettledPods(field) ?? (await unsettledBudgets(field)),
  );

/** A surge-first that was ended leaves its successors, and the record to go on by. Here nobody goes on. */
export const unsurge = (field: Field): Promise<void> =>
  inBatches(field.scenario.workloads, async workload => {
    const { name, replicas } = workload;
    const path = objectPath(collectionOf(workload), { namespace: field.namespace, name });
    const body = { metadata: surgeMarks(null), spec: { replicas } };
    await field.arena.kube.request({ method: "PATCH", path, body, repeatable: true });
  });

const removePod = async (field: Field, { namespace, name }: PodView): Promise<void> => {
  const path = objectPath(KINDS.pods, { namespace, name });
  const body = { gracePeriodSeconds: 0 };
  try {
    await field.arena.kube.request({ method: "DELETE", path, body, repeatable: true });
  } catch (error) {
    if (!isKubeError(error, "notFound")) throw error;
  }
};

export const podsOn = (field: Field, { nodes }: Pool): readonly PodView[] => {
  const names = new Set(nodes);
  return [...field.pods.snapshot().values()].filter(({ node }) => names.has(node ?? ""));
};

/** Takes the nodes away, and first whatever a drainer left on them. */
export const closePool = async (field: Field, pool: Pool): Promise<void> => {
  await field.arena.kubectl("cordon", "--selector", `${LABEL.generation}=${pool.generation}`);
  await inBatches(podsOn(field, pool), pod => removePod(field, pod));
  await deleteLabPool(LAB, pool.generation);
};

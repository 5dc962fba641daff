import { NAMES } from "../../../core/identity/names";
import {
  collectionPath,
  ensureNamespace,
  KINDS,
  type KubeClient,
  leasePath,
  nodePath,
  objectPath,
} from "../../../kube";
import { SIMULATE } from "../../../lab/simulator/annotations";
import {
  type Arena,
  createBudget,
  createWorkload,
  openArena,
  openGreen,
  podsOf,
  until,
  untilCounted,
  untilReady,
  type WorkloadWish,
} from "./arena";
import type { ChildRun } from "./childRun";

/** Slow enough to be met half-way on any machine. */
const PACE = { [SIMULATE.startDelay]: "500ms", [SIMULATE.readyDelay]: "1s" };

type Budget = NonNullable<WorkloadWish["budget"]>;

export interface App {
  readonly replicas: number;
  readonly budget?: Budget;
}

/** Deployments on two blue nodes, and green nodes beside them. */
export const openShop = async (
  kube: KubeClient,
  name: string,
  { apps, green = 1 }: { readonly apps: Readonly<Record<string, App>>; readonly green?: number },
): Promise<Arena> => {
  const arena = await openArena(kube, name, 2);
  const entries = Object.entries(apps);
  for (const [app, { replicas, budget }] of entries) {
    await createWorkload(arena, { name: app, replicas, annotations: PACE });
    if (budget !== undefined) await createBudget(arena, app, budget, app);
  }
  await untilReady(
    arena,
    entries.reduce((sum, [, { replicas }]) => sum + replicas, 0),
  );
  await untilCounted(arena, entries.filter(([, { budget }]) => budget !== undefined).length);
  return openGreen(arena, green);
};

export const callsOf = ({ said }: Pick<ChildRun, "said">): readonly string[] =>
  said.flatMap(line => (line.kind === "call" && line.at.when === "before" ? [line.at.call] : []));

/** Evictions sent, of one app or of all. */
export const evictionsOf = (run: ChildRun, app = ""): number =>
  callsOf(run).filter(call => call.endsWith("/eviction") && call.includes(`/pods/${app}`)).length;

export const untilEvicted = (run: ChildRun, app: string, count: number): Promise<true> =>
  until(`${count} evictions of ${app}`, () => {
    if (evictionsOf(run, app) >= count) return true;
    const ended = run.said.find(({ kind }) => kind === "result");
    if (ended !== undefined) throw new Error(`it ended before: ${JSON.stringify(ended)}`);
    return undefined;
  });

/** How many evictions of one app are sent while another moves on by three pods. */
export const evictionsMeanwhile = async (run: ChildRun, app: string, other: string): Promise<number> => {
  const before = evictionsOf(run, app);
  await untilEvicted(run, other, evictionsOf(run, other) + 3);
  return evictionsOf(run, app) - before;
};

/** While one is down under a budget of one, no eviction can be under way. */
export const untilOneIsDown = (arena: Arena, app: string, replicas: number): Promise<true> =>
  until(`a pod of ${app} that is not Ready`, async () => {
    const ready = (await podsOf(arena)).filter(
      pod => pod.labels["app"] === app && pod.ready && pod.deletionTimestamp === undefined,
    );
    return ready.length === replicas - 1 || undefined;
  });

export const editBudget = (arena: Arena, name: string, spec: Budget): Promise<unknown> =>
  arena.kube.request({
    method: "PATCH",
    path: objectPath(KINDS.budgets, { namespace: arena.name, name }),
    body: { spec },
  });

export const dropBudget = (arena: Arena, name: string): Promise<unknown> =>
  arena.kube.request({
    method: "DELETE",
    path: objectPath(KINDS.budgets, { namespace: arena.name, name }),
  });

/** Somebody else's lease, which lets a run get ready and no further; resolves with the way to give it free. */
export const holdUp = async (kube: KubeClient, namespace: string): Promise<() => Promise<unknown>> => {
  await ensureNamespace(kube, namespace);
  const lease = { namespace, name: NAMES.lease };
  const spec = { holderIdentity: "test", leaseDurationSeconds: 120, leaseTransitions: 1 };
  await kube.request({
    method: "POST",
    path: collectionPath(KINDS.leases, namespace),
    body: { metadata: { name: NAMES.lease }, spec },
  });
  return () =>
    kube.request({ method: "PATCH", path: leasePath(lease), body: { spec: { holderIdentity: null } } });
};

/** Makes a simulated node fail, or well again. */
export const setNodeFails = (kube: KubeClient, node: string, fails: boolean): Promise<unknown> =>
  kube.request({
    method: "PATCH",
    path: nodePath(node),
    body: { metadata: { annotations: { [SIMULATE.fail]: fails ? "not-ready" : null } } },
  });

export interface RunEnd {
  readonly kind: string | undefined;
  readonly remaining: number | undefined;
  /** What it deleted past the budgets. */
  readonly forced: readonly string[];
}

export const DRAINED: RunEnd = { kind: "drained", remaining: 0, forced: [] };

export const endOf = async (run: ChildRun): Promise<RunEnd> => {
  const { result } = await run.ended;
  const forced = callsOf(run).filter(call => call.startsWith("DELETE"));
  if (result?.kind !== "ended") return { kind: result?.kind, remaining: undefined, forced };
  const { kind, remaining } = result.outcome;
  return { kind, remaining, forced };
};

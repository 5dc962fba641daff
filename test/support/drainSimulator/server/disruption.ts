import type { BudgetRule, Share } from "../story";
import {
  type Cause,
  isActive,
  type LiveBudget,
  type LivePod,
  type Server,
  writeBudget,
  type Written,
} from "./objects";

/** `DeletionTimeout` of the disruption controller. */
const DISRUPTED_EXPIRES_MS = 120_000;

/** The controller's own, later view of the cluster: it counts by this and its write fails if the budget moved on. */
interface Cache {
  readonly pods: Map<string, LivePod>;
  readonly budgets: Map<string, LiveBudget>;
}

/** Percentages are rounded up, for both kinds of budget. */
const scaled = (share: Share, of: number): number =>
  typeof share === "number" ? share : Math.ceil((of * Number(share.slice(0, -1))) / 100);

const isScalable = (server: Server, name: string): boolean => {
  const kind = server.workloads.get(name)?.spec.kind;
  return kind === "Deployment" || kind === "StatefulSet";
};

interface Need {
  readonly expected: number;
  readonly needed: number;
  readonly failure?: string;
}

const needOf = (server: Server, rule: BudgetRule, pods: readonly LivePod[]): Need => {
  if (typeof rule.minAvailable === "number") return { expected: pods.length, needed: rule.minAvailable };
  const owners = [...new Set(pods.map(pod => pod.labels["app"] ?? ""))];
  if (!owners.every(name => isScalable(server, name)))
    return { expected: 0, needed: 0, failure: "found no controllers with a scale for the pods" };
  const expected = owners.reduce((sum, name) => sum + (server.workloads.get(name)?.replicas ?? 0), 0);
  if (rule.maxUnavailable !== undefined)
    return { expected, needed: Math.max(0, expected - scaled(rule.maxUnavailable, expected)) };
  return { expected, needed: scaled(rule.minAvailable ?? 0, expected) };
};

const stillDisrupted = (
  { disrupted }: LiveBudget,
  pods: readonly LivePod[],
  now: number,
): ReadonlyMap<string, number> =>
  new Map(
    [...disrupted].filter(
      ([name, at]) =>
        now - at < DISRUPTED_EXPIRES_MS &&
        pods.some(pod => pod.name === name && pod.deletingSince === undefined),
    ),
  );

const statusOf = (server: Server, budget: LiveBudget, cached: Iterable<LivePod>): LiveBudget => {
  const pods = [...cached].filter(pod => budget.rule.selects.includes(pod.labels["app"] ?? ""));
  const { expected, needed, failure } = needOf(server, budget.rule, pods);
  const { syncFailed: _, ...fact } = budget.fact;
  const disrupted = stillDisrupted(budget, pods, server.clock.now());
  const observed = { ...budget, disrupted, observedGeneration: budget.generation };
  if (failure !== undefined) return { ...budget, fact: { ...fact, allowed: 0, syncFailed: failure } };
  const healthy = pods.filter(pod => isActive(pod) && pod.ready && !disrupted.has(pod.name)).length;
  const allowed = expected <= 0 ? 0 : Math.max(0, healthy - needed);
  return { ...observed, fact: { ...fact, allowed, expected, healthy, needed } };
};

const textOf = ({ fact, disrupted, observedGeneration }: LiveBudget): string =>
  JSON.stringify([
    fact.allowed,
    fact.expected,
    fact.healthy,
    fact.needed,
    fact.syncFailed,
    [...disrupted],
    observedGeneration,
  ]);

const sync = (server: Server, cache: Cache, name: string): void => {
  const cached = cache.budgets.get(name);
  const live = server.budgets.get(name);
  if (cached === undefined || live === undefined) return;
  // A status write against an older version conflicts; the newer version, once seen, is synced again.
  if (cached.fact.resourceVersion !== live.fact.resourceVersion) return;
  const next = statusOf(server, cached, cache.pods.values());
  if (textOf(next) === textOf(cached)) return;
  writeBudget(server, next, "cluster");
  if (next.disrupted.size === 0) return;
  server.clock.after(DISRUPTED_EXPIRES_MS, () => sync(server, cache, name));
};

const budgetsOf = (server: Server, written: Written): readonly string[] => {
  if (written.kind === "budget") return [written.fact.name];
  const app = written.kind === "pod" ? (written.fact as LivePod).labels["app"] : written.fact.name;
  return [...server.budgets.values()]
    .filter(({ rule }) => rule.selects.includes(app ?? ""))
    .map(({ rule }) => rule.name);
};

const takeIn = (cache: Cache, written: Written, budget: LiveBudget | undefined): void => {
  if (written.kind === "pod") {
    if (written.gone) cache.pods.delete(written.fact.uid);
    else cache.pods.set(written.fact.uid, written.fact as LivePod);
  }
  if (written.kind !== "budget") return;
  if (budget === undefined) cache.budgets.delete(written.fact.name);
  else cache.budgets.set(written.fact.name, budget);
};

/** Follows the cluster, a little later than it happens. Budgets of the start are counted at once. */
export const startDisruptionController = (server: Server): void => {
  const cache: Cache = { pods: new Map(server.pods), budgets: new Map() };
  for (const [name, budget] of server.budgets) {
    const counted = statusOf(server, budget, server.pods.values());
    server.budgets.set(name, counted);
    cache.budgets.set(name, counted);
  }
  server.listeners.push(written => {
    if (written.kind === "node" || written.kind === "attachment") return;
    const budget = written.gone ? undefined : server.budgets.get(written.fact.name);
    server.clock.after(server.story.pace.disruptionMs, () => {
      takeIn(cache, written, budget);
      for (const name of budgetsOf(server, written)) sync(server, cache, name);
    });
  });
};

export const editBudget = (server: Server, name: string, rule: BudgetRule): void => {
  const budget = server.budgets.get(name);
  if (budget === undefined) return;
  const { minAvailable: _min, maxUnavailable: _max, ...rest } = budget.rule;
  const cause: Cause = "world";
  writeBudget(server, { ...budget, rule: { ...rest, ...rule }, generation: budget.generation + 1 }, cause);
};

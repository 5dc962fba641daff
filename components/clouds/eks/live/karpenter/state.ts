import { ANNOTATION } from "../../../../../core/identity/names";
import { type KubeClient, retrySwap } from "../../../../../kube";
import type { PoolBounds } from "../../protocol";
import { leaves, type LiveNodePool, MANAGER, PATH, readPool } from "./objects";

/**
 * How a NodePool stands. `unproven`: it was never open; machines are made for it one by one. `open`: Karpenter makes
 * machines for pods that wait. `held`: open, but Karpenter takes none away, because another generation is still there.
 * `closed`: it is being left.
 */
export type Standing = "unproven" | "open" | "held" | "closed";

interface Note {
  readonly standing: Standing;
  /** What it is when it is open. */
  readonly bounds: PoolBounds;
}

/** A pool without our note is as its owner wants it. */
export const standingOf = (pool: LiveNodePool): Standing => noteOf(pool)?.standing ?? "open";

const noteOf = ({ metadata }: LiveNodePool): Note | undefined => {
  const text = metadata.annotations?.[ANNOTATION.prior];
  return text === undefined ? undefined : (JSON.parse(text) as Note);
};

/** What a pool is when it is open: as noted before it was changed, or as it is. */
export const boundsOf = (pool: LiveNodePool): PoolBounds =>
  noteOf(pool)?.bounds ?? {
    limits: pool.spec.limits ?? {},
    disruption: pool.spec.disruption ?? DEFAULT_DISRUPTION,
  };

/** Karpenter's own: the definition of NodePool, spec.disruption. */
const DEFAULT_DISRUPTION: PoolBounds["disruption"] = {
  consolidationPolicy: "WhenEmptyOrUnderutilized",
  consolidateAfter: "0s",
  budgets: [{ nodes: "10%" }],
};

/**
 * No pod makes it grow: no machine has less than no cpu. `nodes` alone is not asked about in every release of Karpenter
 * (kubernetes-sigs/karpenter, provisioning/scheduling/scheduler.go: filterByRemainingResources).
 */
const NO_GROWTH = { cpu: "0" };

/** Neither consolidated nor drifted: karpenter.sh/docs/concepts/disruption, "NodePool Disruption Budgets". */
const NO_BUDGET = [{ nodes: "0" }];

const appliedBounds = (standing: Standing, { limits, disruption }: PoolBounds): PoolBounds => ({
  limits: standing === "open" || standing === "held" ? limits : { ...limits, ...NO_GROWTH },
  disruption: standing === "open" ? disruption : { ...disruption, budgets: NO_BUDGET },
});

const noteText = (standing: Standing, bounds: PoolBounds): string => JSON.stringify({ standing, bounds });

/** A NodePool's metadata and bounds in a standing; open ones bear no note. */
export const stand = (
  standing: Standing,
  bounds: PoolBounds,
): { readonly annotations: Readonly<Record<string, string>>; readonly bounds: PoolBounds } => ({
  annotations: standing === "open" ? {} : { [ANNOTATION.prior]: noteText(standing, bounds) },
  bounds: appliedBounds(standing, bounds),
});

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

const isSo = (pool: LiveNodePool, wanted: ReturnType<typeof stand>): boolean =>
  pool.metadata.annotations?.[ANNOTATION.prior] === wanted.annotations[ANNOTATION.prior] &&
  same(sorted(pool.spec.limits), sorted(wanted.bounds.limits)) &&
  same(pool.spec.disruption?.budgets, wanted.bounds.disruption.budgets) &&
  pool.spec.disruption?.consolidationPolicy === wanted.bounds.disruption.consolidationPolicy &&
  pool.spec.disruption.consolidateAfter === wanted.bounds.disruption.consolidateAfter;

const sorted = (limits: PoolBounds["limits"] = {}): unknown => Object.entries(limits).sort();

/** A key that is wanted no more has to be said: a merge keeps what it is not told of. */
const replaced = (now: PoolBounds["limits"] = {}, wanted: PoolBounds["limits"]): object => ({
  ...Object.fromEntries(Object.keys(now).map(key => [key, null])),
  ...wanted,
});

export interface Change {
  /** Name of the NodePool. */
  readonly name: string;
  /** Absent = as it stands. */
  readonly standing?: Standing;
  /** What it is when it is open; absent = as before. */
  readonly bounds?: PoolBounds;
}

/** Brings a NodePool to a standing; one that is gone, or goes, is left alone. */
export const bringTo = (kube: KubeClient, change: Change, signal: AbortSignal): Promise<void> =>
  retrySwap(
    async () => {
      const pool = await readPool(kube, change.name, signal);
      if (pool !== undefined && !leaves(pool)) await write(kube, pool, change, signal);
    },
    { signal },
  );

/** Note and bounds in one write, for the state that was read: another writer's change is not overwritten unseen. */
const write = async (
  kube: KubeClient,
  pool: LiveNodePool,
  ...[change, signal]: readonly [Change, AbortSignal]
): Promise<void> => {
  const next = stand(change.standing ?? standingOf(pool), change.bounds ?? boundsOf(pool));
  if (isSo(pool, next)) return;
  const { name, resourceVersion } = pool.metadata;
  await kube.request({
    ...{ method: "PATCH", path: `${PATH.pools}/${name}`, query: MANAGER, signal },
    body: {
      metadata: {
        resourceVersion,
        annotations: { [ANNOTATION.prior]: next.annotations[ANNOTATION.prior] ?? null },
      },
      spec: { limits: replaced(pool.spec.limits, next.bounds.limits), disruption: next.bounds.disruption },
    },
  });
};

import { LABEL } from "../../../../../core/identity/names";
import type { Problem } from "../../../../../core/problem";
import type { WantedAtCloud } from "../../../../../operations/ports";
import type { Findings } from "../../../shared/live/sideBySide";
import type { GkeCluster } from "../found";
import { checkChannel, noAutoUpgrade } from "../judgeExisting";

const EXCLUSIONS_URL =
  "https://docs.cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions";

/**
 * What GKE does by itself while a run goes on. Autopilot and node auto-provisioning are refused when the cluster is
 * opened (access.ts). In a channel a pool without node auto-upgrade is refused, so none of ours can be made there.
 */
export const judgeSelfMoving = (wanted: WantedAtCloud, cluster: GkeCluster, now: number): Findings => {
  const channel = checkChannel(wanted.cluster.name, cluster.releaseChannel?.channel) ?? [];
  const [ours, others] = upgradingPools(cluster);
  const makesPools = wanted.toCome.length > 0;
  return {
    blockers: [...(makesPools ? [channel].flat() : []), ...ours],
    warnings: [...(makesPools ? [] : [channel].flat()), ...others, ...checkExclusions(wanted, cluster, now)],
  };
};

/** A pool of this program that GKE drains is past its budgets; one of somebody else's is their own wish. */
const upgradingPools = ({
  nodePools = [],
}: GkeCluster): readonly [readonly Problem[], readonly Problem[]] => {
  const isOurs = (pool: (typeof nodePools)[number]): boolean =>
    pool.config?.labels?.[LABEL.pool] !== undefined;
  const upgrading = (ours: boolean): readonly Problem[] =>
    nodePools.filter(pool => isOurs(pool) === ours).flatMap(pool => noAutoUpgrade(pool) ?? []);
  return [upgrading(true), upgrading(false)];
};

interface Exclusion {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** An adopted cluster keeps the policy it has; else what config says stands before a pool moves. */
const exclusionsOf = ({ cluster }: WantedAtCloud, found: GkeCluster): readonly Exclusion[] => {
  const live = Object.entries(found.maintenancePolicy?.window?.maintenanceExclusions ?? {});
  return cluster.adopt === undefined
    ? (cluster.gke?.maintenance.exclusions ?? []).map(({ name, from, to }) => ({
        ...{ name, from: Date.parse(from), to: Date.parse(to) },
      }))
    : live.map(([name, { startTime = "", endTime = "" }]) => ({
        ...{ name, from: Date.parse(startTime), to: Date.parse(endTime) },
      }));
};

/** What the drains of the pools that move may take by their own deadlines. */
const mayLast = ({ toCome }: WantedAtCloud): number =>
  toCome.reduce(
    (sum, { spec: { drain } }) => sum + Math.min(drain.timeoutSeconds, drain.deadlinePerUpSeconds) * 1_000,
    0,
  );

const checkExclusions = (wanted: WantedAtCloud, cluster: GkeCluster, now: number): readonly Problem[] => {
  const active = exclusionsOf(wanted, cluster).filter(({ from, to }) => from <= now && now < to);
  const last = active.sort((a, b) => b.to - a.to)[0];
  if (last === undefined) return [unguarded("no maintenance exclusion covers this moment")];
  const ends = new Date(last.to).toISOString();
  return last.to >= now + mayLast(wanted)
    ? []
    : [unguarded(`the maintenance exclusion ${last.name} ends at ${ends}, before the drains must be over`)];
};

const unguarded = (what: string): Problem => ({
  code: "Gke.MayUpgradeByItself",
  path: "cluster.gke.maintenance.exclusions",
  message: `${what}: GKE may upgrade the control plane by itself in the middle of the run`,
  fix: "add an exclusion that covers window and soak of the run",
  source: EXCLUSIONS_URL,
});

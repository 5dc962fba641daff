import { checkFree, type GcpContext, poolsOf, runOperation } from "./context";
import { minorText, raiseCluster } from "./machines";
import { notCovered, refuseBy } from "./rules";
import type { ClusterRecord, OperationRecord, Soaking } from "./state";
import { minorsBetween } from "../versions";

/** "604800s" */
export interface RollbackSafeUpgrade {
  readonly controlPlaneSoakDuration?: string;
}

const HOUR = 3_600;

const secondsOf = (soak: string): number => {
  const seconds = Number(/^(\d+)s$/.exec(soak)?.[1]);
  if (!(seconds >= 6 * HOUR && seconds <= 7 * 24 * HOUR))
    refuseBy(
      "soakBounds",
      "INVALID_ARGUMENT",
      `Invalid control plane soak duration "${soak}": allowed is 6 hours to 7 days.`,
    );
  return seconds;
};

/** The first of two steps, where one is asked for; undefined = an upgrade in one. */
export const beginSoak = (
  { version: previous }: ClusterRecord,
  version: string,
  asked: RollbackSafeUpgrade | undefined,
): Soaking | undefined => {
  const { controlPlaneSoakDuration: soak } = asked ?? {};
  if (soak === undefined) return undefined;
  const seconds = secondsOf(soak);
  if (minorsBetween(previous, version) !== 1) return notCovered("a soak beside anything but a new minor");
  const until = new Date(Date.now() + seconds * 1_000).toISOString();
  return { minor: minorText(previous), previous, soak, until };
};

type Stage = Pick<ClusterRecord, "version" | "soaking">;

export const moveControlPlane = (
  context: GcpContext,
  cluster: ClusterRecord,
  { version, soaking }: Stage,
): OperationRecord =>
  runOperation(context, {
    type: "UPGRADE_MASTER",
    cluster: cluster.name,
    work: async signal => {
      const stage = soaking === undefined ? {} : { soaking };
      await raiseCluster({ name: cluster.name, version, ...stage }, signal);
      Reflect.deleteProperty(cluster, "soaking");
      Object.assign(cluster, { version }, stage);
    },
  });

/** Off the first step; pools that are newer would be left behind. */
export const takeBack = (context: GcpContext, cluster: ClusterRecord, version: string): OperationRecord => {
  const { previous } = cluster.soaking ?? { previous: "" };
  if (version !== previous)
    refuseBy(
      "backToPrevious",
      "INVALID_ARGUMENT",
      `Master of a cluster in a rollback-safe upgrade can't be brought to "${version}": allowed is "${previous}".`,
    );
  if (poolsOf(context, cluster.name).some(pool => minorsBetween(previous, pool.version) > 0))
    refuseBy("nodesNotNewer", "FAILED_PRECONDITION", `Node pools are newer than "${previous}".`);
  return moveControlPlane(context, cluster, { version });
};

/** The second step, on demand. */
export const completeUpgrade = (
  context: GcpContext,
  cluster: ClusterRecord,
  emulated: string,
): OperationRecord =>
  cluster.soaking === undefined || emulated !== minorText(cluster.version)
    ? notCovered(`desiredEmulatedVersion "${emulated}" on ${cluster.version}`)
    : moveControlPlane(context, cluster, { version: cluster.version });

/** And by itself, when somebody looks after the soak is over and nothing else is under way. */
const completeIfDue = (context: GcpContext, cluster: ClusterRecord): void => {
  if (cluster.soaking === undefined || Date.parse(cluster.soaking.until) > Date.now()) return;
  try {
    checkFree(context, cluster.name);
  } catch {
    return;
  }
  completeUpgrade(context, cluster, minorText(cluster.version));
};

export const describeStage = (context: GcpContext, cluster: ClusterRecord): object => {
  completeIfDue(context, cluster);
  return cluster.soaking === undefined
    ? {}
    : {
        currentEmulatedVersion: cluster.soaking.minor,
        rollbackSafeUpgrade: { controlPlaneSoakDuration: cluster.soaking.soak },
      };
};

/** clusters.fetchClusterUpgradeInfo, as far as it tells of two steps. */
export const upgradeInfo = ({ soaking }: ClusterRecord): object =>
  soaking === undefined
    ? {}
    : {
        rollbackSafeUpgradeStatus: {
          mode: "KCP_MINOR_UPGRADE_ROLLBACK_SAFE_MODE",
          controlPlaneUpgradeRollbackEndTime: soaking.until,
          previousVersion: soaking.previous,
        },
      };

import type { AddOnsSpec, ClusterSpec, PoolSpec } from "../../core/config";
import type { ConnectionRecipe } from "../../core/config/connection";
import type { Problem } from "../../core/problem";
import type { DesiredCluster, ObservedCluster } from "../../core/upgrade/rules";
import { machinesToCome } from "../../core/upgrade/toCome";
import { matchesVersion } from "../../core/version/kubeVersion";
import type { CloudLive, Findings, WantedAtCloud } from "../ports";
import { checkIdentityLasts, type RunLength } from "./identity";
import { isOutage } from "./outage";

/** A desired state with all that config says of it, and how long moving there may take. */
export interface WantedStack {
  readonly connection: ConnectionRecipe;
  readonly desired: DesiredCluster & {
    readonly cluster: ClusterSpec;
    readonly pools: readonly PoolSpec[];
    readonly addOns?: AddOnsSpec;
  };
  readonly seconds: RunLength;
  /** The cluster's settings are others than at the last `up`. */
  readonly edited?: boolean;
}

interface CloudPort {
  readonly live: Pick<CloudLive, "readiness">;
  readonly now: () => number;
}

/**
 * The cloud's own word on what is wanted. Where it gives none, that is said. Where nothing moves and no setting of the
 * cluster was edited nothing is asked, but for what only the cloud can say: what add-ons run, and for how long an
 * emulating control plane can still go back.
 */
export const askCloud = async (
  { live, now }: CloudPort,
  wanted: WantedStack & { readonly observed: ObservedCluster },
  signal: AbortSignal,
): Promise<Findings> => {
  const asked = describe(wanted);
  const moving = moves(asked);
  const idle = !moving && wanted.edited !== true && Object.keys(asked.addOns).length === 0;
  if (live.readiness === undefined || idle) return { blockers: [], warnings: [] };
  try {
    const { identityEnds, ...said } = await live.readiness(asked, signal);
    const identity = checkIdentityLasts(moving ? identityEnds : undefined, wanted.seconds, now());
    return {
      blockers: [...said.blockers, ...identity.blockers],
      warnings: [...said.warnings, ...identity.warnings],
    };
  } catch (error) {
    if (isOutage(error)) return { blockers: [], warnings: [notAsked(error)] };
    throw error;
  }
};

const describe = ({ connection, desired, observed }: Parameters<typeof askCloud>[1]): WantedAtCloud => ({
  connection,
  cluster: desired.cluster,
  pools: desired.pools,
  addOns: desired.addOns ?? {},
  toCome: machinesToCome(observed, desired),
  ...(observed.version === undefined ? {} : { live: observed.version.binary }),
});

const moves = ({ live, cluster, toCome }: WantedAtCloud): boolean =>
  live === undefined ||
  toCome.length > 0 ||
  cluster.stage === "emulated" ||
  !matchesVersion(live, cluster.version);

const notAsked = (error: Error): Problem => ({
  code: "Preflight.CloudNotAsked",
  path: "cluster",
  message: `the cloud did not say whether it is ready for this: ${error.message}`,
  fix: "run the preview again when the cloud answers; quota, addresses and permissions are not checked until then",
});

import { openBackground } from "../../../../lab/clouds/background";
import { planFailures } from "../../../../lab/clouds/fault";
import { createCluster, updateCluster } from "../../../../lab/clouds/gcp/clusters";
import { openAccount } from "../../../../lab/clouds/gcp/account";
import type { GcpContext } from "../../../../lab/clouds/gcp/context";
import { type CreatePool, createPool } from "../../../../lab/clouds/gcp/nodePools";
import { checkPlace } from "../../../../lab/clouds/gcp/routes";
import type { RULES } from "../../../../lab/clouds/gcp/rules";
import type { GcpState } from "../../../../lab/clouds/gcp/state";
import { describeRefusals, type Refusals } from "../../../support/metRules";

const VERSION = "1.36.4-gke.1000000";

interface More {
  readonly settings?: object;
  readonly operations?: object;
  readonly soaking?: object;
  readonly version?: string;
}

const context = ({ settings = {}, operations = {}, ...more }: More = {}): GcpContext => ({
  state: {
    clusters: { c: { name: "c", version: VERSION, status: "RUNNING", settings, ...more } },
    pools: {},
    operations,
  } as GcpState,
  save: () => undefined,
  region: "europe-west1",
  project: "my-project",
  failures: planFailures(),
  account: openAccount(),
  background: openBackground(),
  fronts: new Map(),
});

const make =
  (asked: Partial<CreatePool>, more = {}) =>
  () =>
    createPool(context(more), "c", { name: "new", ...asked });

const move =
  (desiredMasterVersion: string, more = {}) =>
  () =>
    updateCluster(context(more), "c", { update: { desiredMasterVersion } });

const REFUSALS: Refusals<typeof RULES> = {
  locationExists: () => checkPlace(context(), "my-project", "europe-west99"),
  exists: () => createCluster(context(), { name: "c", initialNodeCount: 1 }),
  firstPool: () => createCluster(context(), { name: "d" }),
  oneMinor: move("1.35"),
  backToPrevious: move("1.35", { soaking: { minor: "1.35", previous: "1.35.7-gke.1" } }),
  soakBounds: () =>
    updateCluster(context({ version: "1.35.8-gke.1000000" }), "c", {
      update: {
        desiredMasterVersion: "1.36",
        desiredRollbackSafeUpgrade: { controlPlaneSoakDuration: "3600s" },
      },
    }),
  nodesNotNewer: make({ version: "1.37.0-gke.1" }),
  nodesTrailTwo: make({ version: "1.33.1-gke.1" }),
  oneOperation: move("1.36", { operations: { x: { name: "x", cluster: "c", status: "RUNNING" } } }),
  poolName: make({ name: "New" }),
  channelUpgrades: make(
    { management: { autoUpgrade: false } },
    { settings: { releaseChannel: { channel: "REGULAR" } } },
  ),
  boundsInOrder: make({ autoscaling: { enabled: true, totalMinNodeCount: 3, totalMaxNodeCount: 2 } }),
};

describeRefusals("Google Cloud", REFUSALS);

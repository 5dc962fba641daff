import type { Problem } from "../../../../core/problem";
import { TWO_STEP_URL } from "../facts";
import type { GkeCluster, GkePool } from "./found";
import { emulatedBy } from "./stage";

/** What GKE gives a node that says nothing (NodeConfig.diskSizeGb). */

const UNCHANNELLED: readonly (string | undefined)[] = [undefined, "", "UNSPECIFIED"];

/** All that stands against taking over the cluster itself. */
export const judgeCluster = (name: string, cluster: GkeCluster): readonly Problem[] => {
  const { status, autopilot, autoscaling, releaseChannel } = cluster;
  const found = [
    status === "RUNNING" ? undefined : notRunning(name, status),
    autopilot?.enabled === true ? isAutopilot(name) : undefined,
    autoscaling?.enableNodeAutoprovisioning === true ? provisions(name) : undefined,
    checkChannel(name, releaseChannel?.channel),
    emulatedBy(cluster) === undefined ? undefined : isSoaking(name),
  ];
  return found.flatMap(problem => problem ?? []);
};

/** Taken over as final it would be completed, which nobody asked for. */
const isSoaking = (name: string): Problem => ({
  code: "Adopt.GkeSoaking",
  path: `cluster ${name}`,
  message: "it is between the two steps of an upgrade of its control plane",
  fix: "complete that upgrade or take it back; then run this again",
  source: TWO_STEP_URL,
});

/** Also asked of a cluster that is ours already: somebody may have put it into a channel since. */
export const checkChannel = (name: string, channel: string | undefined): Problem | undefined =>
  UNCHANNELLED.includes(channel) ? undefined : inChannel(name, channel);

const notRunning = (name: string, status = "in an unknown state"): Problem => ({
  code: "Adopt.GkeNotRunning",
  path: `cluster ${name}`,
  message: `it is ${status}; only a cluster at rest, RUNNING, is taken over`,
  fix: "wait for the end of its operation, or mend it; then run this again",
});

const isAutopilot = (name: string): Problem => ({
  code: "Adopt.GkeAutopilot",
  path: `cluster ${name}`,
  message:
    "it runs Autopilot, which has no node pools: GKE makes and drains its nodes, past every budget and gate",
  fix: "move its workloads to a Standard cluster: Autopilot can't be turned off",
});

const provisions = (name: string): Problem => ({
  code: "Adopt.GkeAutoProvisioning",
  path: `cluster ${name}`,
  message: "node auto-provisioning is on: GKE makes pools that are no generation",
  fix: `turn it off: gcloud container clusters update ${name} --no-enable-autoprovisioning`,
});

const inChannel = (name: string, channel = ""): Problem => ({
  code: "Gke.ReleaseChannel",
  path: `cluster ${name}`,
  message: `it is in the release channel ${channel}, where GKE upgrades nodes by itself and that can't be turned off`,
  fix: `leave it: gcloud container clusters update ${name} --release-channel None`,
  source: "https://docs.cloud.google.com/kubernetes-engine/docs/concepts/release-channels",
});

const pathOf = ({ name = "" }: GkePool): string => `node pool ${name}`;

type Judge = (pool: GkePool) => Problem | undefined;

const atRest: Judge = pool =>
  pool.status === "RUNNING"
    ? undefined
    : {
        code: "Adopt.GkePoolNotRunning",
        path: pathOf(pool),
        message: `it is ${pool.status ?? "in an unknown state"}; only a pool at rest, RUNNING, is taken over`,
        fix: "wait for the end of its operation, or mend it; then run this again",
      };

export const noAutoUpgrade: Judge = pool =>
  pool.management?.autoUpgrade !== true
    ? undefined
    : {
        code: "Gke.AutoUpgrade",
        path: pathOf(pool),
        message: "GKE upgrades its nodes by itself (management.autoUpgrade), past every gate",
        fix: `turn it off: gcloud container node-pools update ${pool.name ?? ""} --no-enable-autoupgrade`,
      };

const lastsADay: Judge = pool =>
  pool.config?.preemptible !== true
    ? undefined
    : {
        code: "Adopt.GkePreemptible",
        path: pathOf(pool),
        message: "its machines are preemptible, Google's older kind of spot, which ends after a day",
        fix: "leave it out by naming the others, or move its workloads to a spot pool",
      };

const linux: Judge = pool =>
  !/^WINDOWS/.test(pool.config?.imageType ?? "")
    ? undefined
    : {
        code: "Adopt.GkeWindows",
        path: pathOf(pool),
        message: `its image is ${pool.config?.imageType ?? ""}; Windows nodes are not drained or proven by changeover`,
        fix: "leave it out by naming the others",
      };

const unless = (usual: boolean, what: string): readonly string[] => (usual ? [] : [what]);

const lostOf = ({ config = {} }: GkePool): readonly string[] => {
  const { localSsdCount = 0, accelerators = [], tags = [] } = config;
  return [
    ...unless(localSsdCount === 0, `localSsdCount ${localSsdCount}`),
    ...unless(accelerators.length === 0, "accelerators"),
    ...unless(tags.length === 0, `network tags ${tags.join(", ")}`),
  ];
};

const nothingLost: Judge = pool =>
  lostOf(pool).length === 0
    ? undefined
    : {
        code: "Adopt.GkeWouldBeLost",
        path: pathOf(pool),
        message: `the next generation would be without its ${lostOf(pool).join(" and ")}: config has no word for it`,
        fix: "leave it out by naming the others",
      };

const ownAccount =
  (account: string): Judge =>
  pool => {
    const found = pool.config?.serviceAccount ?? "default";
    if (found === account && found !== "default") return undefined;
    return {
      code: "Adopt.GkeServiceAccount",
      path: pathOf(pool),
      message: `its nodes act as "${found}"; config has one service account for all, by its address, and most pools have "${account}"`,
      fix: "leave it out by naming the others, or move its workloads to a pool with a service account of its own",
    };
  };

const JUDGES: readonly Judge[] = [atRest, noAutoUpgrade, lastsADay, linux, nothingLost];

/** All that stands against taking over a pool: what changeover can't make, and what it would lose unsaid. */
export const judgePool = (pool: GkePool, account: string): readonly Problem[] =>
  [...JUDGES, ownAccount(account)].flatMap(judge => judge(pool) ?? []);

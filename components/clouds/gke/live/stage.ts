import type { ConnectionRecipe } from "../../../../core/config/connection";
import { type Problem, ProblemError } from "../../../../core/problem";
import {
  addMinors,
  matchesVersion,
  minorOf,
  minorText,
  parseKubeVersion,
} from "../../../../core/version/kubeVersion";
import type { StageChange } from "../../../../operations/ports";
import { TWO_STEP_URL } from "../facts";
import { clusterUrl, locationUrl } from "./access";
import { ask } from "./call";
import { send } from "./client";
import type { GkeCluster } from "./found";
import { type Call, changeControlPlane } from "./operation";

type GkeStage = Pick<GkeCluster, "currentMasterVersion" | "currentEmulatedVersion">;

/** `rollbackSafeUpgradeStatus` of clusters.fetchClusterUpgradeInfo. */
interface GkeWayBack {
  readonly controlPlaneUpgradeRollbackEndTime?: string;
  /** What ran before the first step; the only version that GKE says it goes back to. */
  readonly previousVersion?: string;
}

/** The minor that is served by newer binaries; undefined = the control plane is final. */
export const emulatedBy = ({
  currentMasterVersion = "",
  currentEmulatedVersion = "",
}: GkeStage): string | undefined =>
  currentEmulatedVersion === "" || minorOf(currentEmulatedVersion) === minorOf(currentMasterVersion)
    ? undefined
    : minorOf(currentEmulatedVersion);

type Wanted = Pick<StageChange, "version" | "stage">;

/** What is left to do for a wanted stage by what GKE says; a version that no step leads to is nobody's here. */
export const stepTo = (
  found: GkeStage,
  { version, stage }: Wanted,
): "begin" | "back" | "complete" | "none" => {
  const [emulated, binary, wanted] = [
    emulatedBy(found),
    minorOf(found.currentMasterVersion ?? ""),
    minorOf(version),
  ];
  if (emulated === undefined) return stage === "emulated" && follows(wanted, binary) ? "begin" : "none";
  if (stage === "emulated") return "none";
  if (wanted === emulated) return "back";
  return wanted === binary ? "complete" : "none";
};

const follows = (minor: string, before: string): boolean => {
  const read = parseKubeVersion(before);
  return read.ok && minor === minorText(addMinors(read.value, 1));
};

const readStage = (connection: ConnectionRecipe): Promise<GkeStage> =>
  ask({ permission: "container.clusters.get", on: `cluster ${connection.name}` }, () =>
    send<GkeStage>({ method: "GET", url: clusterUrl(connection) }),
  );

/** Until when GKE takes the upgrade back, and to what. */
export const readWayBack = async (connection: ConnectionRecipe, signal: AbortSignal): Promise<GkeWayBack> => {
  const asked = { permission: "container.clusters.get", on: `cluster ${connection.name}` };
  const url = `${clusterUrl(connection)}:fetchClusterUpgradeInfo`;
  const found = await ask(asked, () =>
    send<{ readonly rollbackSafeUpgradeStatus?: GkeWayBack }>({ method: "GET", url, signal }),
  );
  return found.rollbackSafeUpgradeStatus ?? {};
};

/** Why there is no way to the wanted version, although the control plane still emulates its minor. */
export const checkWayBack = (
  { previousVersion = "" }: GkeWayBack,
  { version }: Pick<Wanted, "version">,
): Problem | undefined =>
  previousVersion !== "" && matchesVersion(previousVersion, version)
    ? undefined
    : {
        code: "Gke.OtherWayBack",
        path: "cluster.version",
        message:
          previousVersion === ""
            ? `found "${version}"; GKE names no version that this control plane could go back to`
            : `found "${version}"; GKE takes this upgrade back to ${previousVersion} and nowhere else`,
        fix:
          previousVersion === ""
            ? "look at the cluster's upgrade in GKE; its soak may just have ended"
            : `set cluster.version: "${minorOf(previousVersion)}"`,
        source: TWO_STEP_URL,
      };

const update = (connection: ConnectionRecipe, wanted: object): Call => ({
  permission: "container.clusters.update",
  request: { method: "PUT", url: clusterUrl(connection), body: { update: wanted } },
});

type Step = Exclude<ReturnType<typeof stepTo>, "none">;

const CALLS: Readonly<Record<Step, (change: StageChange) => Promise<Call>>> = {
  begin: ({ connection, version, soakSeconds }) => {
    if (soakSeconds === undefined) throw new Error("without a soak GKE would upgrade in one step");
    const desiredRollbackSafeUpgrade = { controlPlaneSoakDuration: `${String(soakSeconds)}s` };
    return Promise.resolve(update(connection, { desiredMasterVersion: version, desiredRollbackSafeUpgrade }));
  },
  back: async ({ connection, version, signal }) => {
    const way = await readWayBack(connection, signal);
    const problem = checkWayBack(way, { version });
    if (problem !== undefined) throw new ProblemError("no way back", [problem]);
    return update(connection, { desiredMasterVersion: way.previousVersion });
  },
  complete: ({ connection, version }) =>
    Promise.resolve(update(connection, { desiredEmulatedVersion: minorOf(version) })),
};

const TOLD: Readonly<Record<Step, string>> = {
  begin: "begins the first step of GKE's two",
  back: "takes the first step of GKE's two back",
  complete: "takes the second step of GKE's two, after which there is no way back",
};

/**
 * Right from wherever it is met: looks before each try, so a run that was killed is taken up and what the provider, GKE
 * or somebody else did meanwhile is not done twice.
 */
export const settleStage = async (change: StageChange): Promise<{ readonly backUntil?: string }> => {
  const { connection, log, signal } = change;
  await changeControlPlane(change, `${locationUrl(connection)}/operations`, async () => {
    const step = stepTo(await readStage(connection), change);
    if (step === "none") return undefined;
    log(TOLD[step]);
    return CALLS[step](change);
  });
  if (change.stage === "final") return {};
  const { controlPlaneUpgradeRollbackEndTime: backUntil } = await readWayBack(connection, signal);
  return backUntil === undefined ? {} : { backUntil };
};

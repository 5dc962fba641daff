import { describeDuration, soakOf } from "../../../../../core/config";
import type { Problem } from "../../../../../core/problem";
import type { WantedAtCloud } from "../../../../../operations/ports";
import { type Findings, NOTHING } from "../../../shared/live/sideBySide";
import { TWO_STEP_URL } from "../../facts";
import type { GkeCluster } from "../found";
import { checkWayBack, emulatedBy, readWayBack, stepTo } from "../stage";
import type { Question } from "./question";

export const goesBack = ({ cluster }: WantedAtCloud, found: GkeCluster | undefined): boolean =>
  found !== undefined && stepTo(found, cluster) === "back";

/** The two steps of a control plane before one is taken, and how long the way back stays open while it soaks. */
export const judgeStage = async (
  { wanted, signal }: Question,
  found: GkeCluster | undefined,
): Promise<Findings> => {
  const { cluster, connection } = wanted;
  if (found === undefined)
    return cluster.stage === "final" ? NOTHING : { blockers: [bornFinal()], warnings: [] };
  if (goesBack(wanted, found)) {
    const problem = checkWayBack(await readWayBack(connection, signal), cluster);
    return { blockers: problem === undefined ? [] : [problem], warnings: [] };
  }
  if (stepTo(found, cluster) === "begin") return { blockers: [], warnings: [willComplete(cluster)] };
  const emulated = emulatedBy(found);
  if (cluster.stage === "final" || emulated === undefined) return NOTHING;
  const { controlPlaneUpgradeRollbackEndTime: end } = await readWayBack(connection, signal);
  return { blockers: [], warnings: [soaking(emulated, end)] };
};

const bornFinal = (): Problem => ({
  code: "Gke.BornFinal",
  path: "cluster.stage",
  message: 'found "emulated" for a cluster that is not there yet; GKE makes none that serves another minor',
  fix: "remove cluster.stage; it is for the next minor",
  source: TWO_STEP_URL,
});

const willComplete = ({ gke }: WantedAtCloud["cluster"]): Problem => ({
  code: "Gke.CompletesByItself",
  path: "cluster.gke.soak",
  message: `the way back will be open for ${describeDuration(soakOf(gke))}; then GKE completes the upgrade by itself`,
  fix: "within that time set cluster.stage: final, or the version back",
  source: TWO_STEP_URL,
});

const soaking = (emulated: string, end: string | undefined): Problem => ({
  code: "Gke.Soaking",
  path: "cluster.stage",
  message:
    end === undefined
      ? `the control plane serves ${emulated}; until when it can go back to it GKE does not say`
      : `the control plane serves ${emulated} and can go back to it until ${end}; then GKE completes the upgrade by itself`,
  fix: "by then set cluster.stage: final, or the version back",
  source: TWO_STEP_URL,
});

import type { PodFact, WorkloadFact } from "../facts";
import type { DrainState } from "../state";
import type { Survey } from "../surveyed";
import { workloadKey } from "../world";
import type { FirstPod } from "./first/step";
import { permissionFor } from "./hold";
import { ownerOf, podsOfWorkload } from "./members";
import { DELETION_COST, FIRST_TO_GO, LADDER_ANNOTATION } from "./names";
import { podRef } from "./rungs/unhealthy";

const isGone = ({ deletingSince, phase }: PodFact): boolean =>
  deletingSince !== undefined || phase === "Succeeded" || phase === "Failed";

const isMarked = ({ annotations }: PodFact): boolean =>
  annotations[DELETION_COST] === FIRST_TO_GO && LADDER_ANNOTATION.priorCost in annotations;

/** The pods of a Deployment as a surge-first sees them. */
export const firstPodsOf = (
  workload: WorkloadFact,
  { world }: Pick<DrainState, "world">,
  { blue }: Pick<Survey, "blue">,
): readonly FirstPod[] =>
  podsOfWorkload(workload, world).map(pod => ({
    ...podRef(pod),
    blue: pod.node !== undefined && blue.has(pod.node),
    ready: pod.ready,
    gone: isGone(pod),
    marked: isMarked(pod),
  }));

const waitingPods = ({ lanes, blocked }: Pick<Survey, "lanes" | "blocked">): readonly PodFact[] => [
  ...[...lanes.values()].flatMap(({ queue }) => queue),
  ...[...blocked.values()].filter(({ code }) => code === "MULTIPLE_PDBS").map(({ pod }) => pod),
];

/** Deployments with pods on blue that are to get their successors first and have not been released. */
export const findFirst = (state: DrainState, survey: Survey): readonly WorkloadFact[] => {
  const found = new Map<string, WorkloadFact>();
  for (const pod of waitingPods(survey)) {
    const workload = ownerOf(pod, state.world);
    if (workload === undefined || found.has(workload.uid)) continue;
    if (state.ladder?.released.has(workloadKey(workload)) === true) continue;
    if (permissionFor(state, workload)?.has("surge-first") === true) found.set(workload.uid, workload);
  }
  return [...found.values()];
};

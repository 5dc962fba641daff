import { pdbsOf } from "../budgets";
import type { PodFact, WorkloadFact } from "../facts";
import type { DrainState } from "../state";
import type { Lane } from "../surveyed";
import { workloadKey } from "../world";
import { ownerOf } from "./members";
import { type Permission, permissionOf } from "./permission";

type Known = Pick<DrainState, "spec" | "world" | "ladder" | "now">;

/** What a workload is opted in to; undefined when this run has no ladder. */
export const permissionFor = ({ spec }: Known, workload: WorkloadFact): Permission | undefined =>
  spec.ladder === undefined ? undefined : permissionOf(workload, spec.ladder);

/** A Deployment of one pod without a PDB, which a surge or a restart saves from being down. */
export const isSpared = (pod: PodFact, workload: WorkloadFact, { world }: Known): boolean =>
  workload.desired === 1 && pdbsOf(pod, world).length === 0;

const meansToSpare = (pod: PodFact, workload: WorkloadFact, state: Known): boolean => {
  const permission = permissionFor(state, workload);
  if (permission === undefined || workload.kind !== "Deployment") return false;
  if (permission.has("surge-first")) return true;
  return (permission.has("surge") || permission.has("rollout-restart")) && isSpared(pod, workload, state);
};

/** True while the ladder means to move this pod in its own way: it is not evicted. */
export const isHeldBack = (state: Known, pod: PodFact): boolean => {
  if (state.spec.ladder === undefined) return false;
  const workload = ownerOf(pod, state.world);
  if (workload === undefined) return false;
  const key = workloadKey(workload);
  if ((state.ladder?.restarting.get(key) ?? -Infinity) > state.now) return true;
  return state.ladder?.released.has(key) !== true && meansToSpare(pod, workload, state);
};

const mayHelp = (state: Known, pod: PodFact): boolean => {
  const workload = ownerOf(pod, state.world);
  return workload !== undefined && (permissionFor(state, workload)?.size ?? 0) > 0;
};

/** True while a rung may still free some pod of this lane: it is not hopeless. */
export const mayClimb = (state: Known, lane: Lane): boolean =>
  state.spec.ladder !== undefined &&
  state.ladder?.exhausted.has(lane.budget.key) !== true &&
  lane.queue.some(pod => mayHelp(state, pod));

/** The same for a pod that no lane holds. */
export const mayClimbFor = (state: Known, pod: PodFact): boolean =>
  state.spec.ladder !== undefined && state.ladder?.exhausted.has(pod.uid) !== true && mayHelp(state, pod);

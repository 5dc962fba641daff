import { memoryOf } from "../budgets";
import type { PodFact, WorkloadFact } from "../facts";
import type { DrainState } from "../state";
import type { BlockedPod, Lane, Survey } from "../surveyed";
import { workloadKey } from "../world";
import { isSpared, permissionFor } from "./hold";
import { ownerOf, podsOfBudget } from "./members";
import type { Permission } from "./permission";
import type { Stuck, StuckCode } from "./stuck";

/** A workload that is stuck, and what it is opted in to. */
export interface StuckWorkload {
  readonly stuck: Stuck;
  readonly workload: WorkloadFact;
  readonly permission: Permission;
}

interface Group {
  readonly workload: WorkloadFact;
  readonly permission: Permission;
  readonly pods: PodFact[];
}

/** Those that a surge-first has in hand are not stuck, whatever their budget says. */
const isInHand = (state: DrainState, workload: WorkloadFact, permission: Permission): boolean =>
  permission.has("surge-first") && state.ladder?.released.has(workloadKey(workload)) !== true;

/** Pods of workloads that are opted in to anything, by workload. */
const groupsOf = (state: DrainState, pods: readonly PodFact[]): readonly Group[] => {
  const groups = new Map<string, Group>();
  for (const pod of pods) {
    const workload = ownerOf(pod, state.world);
    const permission = workload === undefined ? undefined : permissionFor(state, workload);
    if (workload === undefined || permission === undefined || permission.size === 0) continue;
    if (isInHand(state, workload, permission)) continue;
    const group = groups.get(workload.uid) ?? { workload, permission, pods: [] };
    group.pods.push(pod);
    groups.set(workload.uid, group);
  }
  return [...groups.values()];
};

const waitingCode = (state: DrainState, lane: Lane): readonly [StuckCode, number] | undefined => {
  const { waiting } = memoryOf(state, lane.budget.key);
  return waiting === undefined || waiting.code === "UNOBSERVED"
    ? undefined
    : [waiting.code, waiting.codeSince];
};

const siblingsOf = (state: DrainState, lane: Lane, held: readonly PodFact[]): readonly PodFact[] => {
  if (lane.budget.kind === "own") return [];
  const own = new Set(held.map(({ uid }) => uid));
  return podsOfBudget(lane.budget.fact, state.world).filter(({ uid }) => !own.has(uid));
};

const stuckInLane = (state: DrainState, lane: Lane): readonly StuckWorkload[] => {
  const { budget } = lane;
  const waiting = waitingCode(state, lane);
  return groupsOf(state, lane.queue).flatMap(({ workload, permission, pods }) => {
    const spared = pods.some(pod => isSpared(pod, workload, state));
    const [code, since] = spared ? (["SINGLE", state.startedAt] as const) : (waiting ?? []);
    if (code === undefined || since === undefined) return [];
    const stuck: Stuck = {
      key: budget.key,
      budget: budget.name,
      ...(budget.kind === "pdb" ? { fact: budget.fact } : {}),
      ...{ code, since, pods, workload: workloadKey(workload) },
      siblings: siblingsOf(state, lane, pods),
    };
    return [{ stuck, workload, permission }];
  });
};

const stuckAlone = (state: DrainState, { pod, message }: BlockedPod): readonly StuckWorkload[] =>
  groupsOf(state, [pod]).map(({ workload, permission, pods }) => ({
    workload,
    permission,
    stuck: {
      key: pod.uid,
      budget: message,
      code: "MULTIPLE_PDBS",
      since: state.blockedSince.get(pod.uid)?.since ?? state.now,
      workload: workloadKey(workload),
      pods,
      siblings: [],
    },
  }));

/** All workloads that wait for help that they are opted in to. */
export const findStuck = (state: DrainState, survey: Survey): readonly StuckWorkload[] => [
  ...[...survey.lanes.values()].flatMap(lane => stuckInLane(state, lane)),
  ...[...survey.blocked.values()]
    .filter(({ code }) => code === "MULTIPLE_PDBS")
    .flatMap(blocked => stuckAlone(state, blocked)),
];

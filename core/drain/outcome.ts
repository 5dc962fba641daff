import { memoryOf, needsAndHas } from "./budgets";
import type { NodeFact, PodFact } from "./facts";
import { describeNames } from "./names";
import type { BlockedReason, DrainFigures, DrainOutcome } from "./report";
import { compareText } from "./scope";
import type { DrainState, Ending } from "./state";
import { describeStandstill, HOPELESS, standstillOf } from "./standstill";
import type { BlockedPod, Lane, Survey } from "./survey";
import { describeWorkload } from "./workloads";
import { fullName } from "./world";

export interface Unsettled {
  readonly key: string;
  readonly available: number;
  readonly target: number;
}

/** Moved workloads that have not got back what they had. One that nobody wants any more owes nothing. */
export const unsettledWorkloads = (state: DrainState, survey: Survey): readonly Unsettled[] =>
  [...state.targets].flatMap(([key, wanted]) => {
    const count = survey.workloads.counts.get(key);
    const desired = survey.workloads.wishes.get(key) ?? state.peaks.get(key) ?? 0;
    const target = Math.min(wanted, desired);
    const available = count?.available ?? 0;
    return available < target ? [{ key, available, target }] : [];
  });

const secondsSince = (state: DrainState, since: number): number =>
  Math.max(0, Math.round((state.now - since) / 1000));

const names = (pods: readonly PodFact[]): readonly string[] => pods.map(fullName).sort(compareText);

const laneReason = (state: DrainState, lane: Lane): BlockedReason => {
  const { waiting } = memoryOf(state, lane.budget.key);
  const code =
    waiting?.code ??
    standstillOf(
      lane.budget,
      lane.queue.every(pod => !pod.ready),
    );
  return {
    code,
    message: describeStandstill(lane.budget, code),
    pods: names(lane.queue),
    budget: lane.budget.name,
    ...needsAndHas(lane.budget),
    seconds: secondsSince(state, waiting?.since ?? state.now),
  };
};

const podReasons = (state: DrainState, blocked: readonly BlockedPod[]): readonly BlockedReason[] => {
  const groups = new Map<string, BlockedPod[]>();
  for (const entry of blocked) {
    const group = `${entry.code} ${entry.message}`;
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  return [...groups.values()].map(group => ({
    code: group[0]?.code ?? "",
    message: group[0]?.message ?? "",
    pods: names(group.map(entry => entry.pod)),
    seconds: Math.max(
      ...group.map(({ pod }) => secondsSince(state, state.blockedSince.get(pod.uid)?.since ?? state.now)),
    ),
  }));
};

const unsettledReason = (state: DrainState, { key, available, target }: Unsettled): BlockedReason => ({
  code: "NOT_AVAILABLE_AGAIN",
  message: `${describeWorkload(key)} has not got all its pods back`,
  pods: [],
  needs: target,
  has: available,
  seconds: secondsSince(state, state.progressAt),
});

const goingReason = (state: DrainState, going: readonly PodFact[]): readonly BlockedReason[] =>
  going.length === 0
    ? []
    : [
        {
          code: "TERMINATING",
          message: "still terminating",
          pods: names(going),
          seconds: secondsSince(state, state.progressAt),
        },
      ];

/** A node that others may fill again is not done with. */
const isOpen = (state: DrainState, node: NodeFact): boolean =>
  !node.fenced || (state.spec.cordon && !node.cordoned);

const openReason = (state: DrainState, nodes: readonly NodeFact[]): readonly BlockedReason[] => {
  const open = nodes.filter(node => isOpen(state, node)).map(node => node.name);
  if (open.length === 0) return [];
  const message = `pods may still be scheduled to ${describeNames(open)}: the node could not be fenced`;
  return [{ code: "NOT_FENCED", message, pods: [], seconds: secondsSince(state, state.progressAt) }];
};

/** Every reason at once, sorted, so that the same situation always gives the same report. */
export const blockedReasons = (state: DrainState, survey: Survey): readonly BlockedReason[] =>
  [
    ...survey.lanes.map(lane => laneReason(state, lane)),
    ...podReasons(state, survey.blocked),
    ...goingReason(state, survey.going),
    ...unsettledWorkloads(state, survey).map(entry => unsettledReason(state, entry)),
    ...openReason(state, survey.blue),
  ].sort(
    (a, b) => compareText(a.code, b.code) || compareText(a.pods[0] ?? a.message, b.pods[0] ?? b.message),
  );

export const figuresOf = (state: DrainState, survey: Survey): DrainFigures => ({
  moved: state.moved,
  remaining:
    survey.blocked.length +
    survey.going.length +
    survey.lanes.reduce((sum, lane) => sum + lane.queue.length, 0),
  nodes: {
    total: survey.blue.length,
    empty: survey.blue.filter(node => !survey.load.has(node.name)).length,
  },
  seconds: secondsSince(state, state.startedAt),
});

/** A pod that was bound just before the cordon shows within the quiet time; after it none can come. */
const isQuiet = (state: DrainState, survey: Survey): boolean =>
  survey.blue.every(node => {
    const empty = state.emptySince.get(node.name);
    if (empty === undefined || isOpen(state, node)) return false;
    const since = Math.min(empty, state.cordonedSince.get(node.name) ?? empty);
    return state.now - since >= state.spec.quietMs;
  });

const isHopeless = (state: DrainState, lane: Lane): boolean => {
  const { waiting } = memoryOf(state, lane.budget.key);
  if (waiting === undefined || !HOPELESS.has(waiting.code)) return false;
  return lane.ready.length === 0 && state.now - waiting.codeSince >= state.spec.blockedAfterMs;
};

const isLastingBlock = (state: DrainState, { pod }: BlockedPod): boolean => {
  const mark = state.blockedSince.get(pod.uid);
  return mark !== undefined && state.now - mark.since >= state.spec.blockedAfterMs;
};

const cannotGoOn = (state: DrainState, survey: Survey): boolean =>
  survey.going.length === 0 &&
  survey.lanes.every(lane => isHopeless(state, lane)) &&
  survey.blocked.every(entry => isLastingBlock(state, entry)) &&
  unsettledWorkloads(state, survey).length === 0;

/** The end of a run that nobody interrupts, or undefined while it goes on. */
export const naturalOutcome = (state: DrainState, survey: Survey): DrainOutcome | undefined => {
  const figures = figuresOf(state, survey);
  const timedOut = state.now - state.progressAt >= state.spec.timeoutMs;
  const done = figures.remaining === 0 && unsettledWorkloads(state, survey).length === 0;
  if (done && isQuiet(state, survey)) return { kind: "drained", ...figures };
  if (!timedOut && (done || !cannotGoOn(state, survey))) return undefined;
  return { kind: "blocked", reasons: blockedReasons(state, survey), ...figures };
};

const oursGoing = (state: DrainState, survey: Survey): boolean =>
  survey.going.some(pod => state.attempts.has(pod.uid));

/** The end of an interrupted run: at once when the lease is lost, else when our own evictions are through or lingered. */
export const interruptedOutcome = (
  state: DrainState,
  survey: Survey,
  ending: Ending,
): DrainOutcome | undefined => {
  const posted = [...state.attempts.values()].some(attempt => attempt.phase === "posted");
  const lingered = state.now - ending.since >= state.spec.lingerMs;
  const through = !posted && (lingered || !oursGoing(state, survey));
  if (ending.kind !== "lostLease" && !through) return undefined;
  return { kind: ending.kind, reason: ending.reason, ...figuresOf(state, survey) };
};

import { memoryOf, needsAndHas } from "./budgets";
import { presentTier } from "./choose";
import { isHangingTooLong, isHopeless, isLastingBlock, isOverdue } from "./hopeless";
import { tierOf } from "./tiers";
import type { NodeFact, PodFact } from "./facts";
import { closedGuards, describeGuard } from "./guards";
import { describeNames } from "./names";
import type { BlockedReason, DrainFigures, DrainOutcome } from "./report";
import { compareText } from "./scope";
import type { DrainState, Ending, Unsettled } from "./state";
import { isOpen } from "./nodes";
import { hasDeregistered, isDone } from "./quiet";
import { unsettledWorkloads } from "./settlement";
import { describeStandstill, standstillOf } from "./standstill";
import type { BlockedPod, Lane, Survey } from "./surveyed";
import { describeWorkload } from "./workloads";
import { fullName } from "./world";

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

/** Pods of a later tier that could go if an earlier one had left. */
const isHeldByTier = (lane: Lane, tier: number): boolean =>
  lane.ready.length > 0 && lane.ready.every(pod => tierOf(pod) > tier);

const tierReason = (state: DrainState, lane: Lane): BlockedReason => ({
  code: "WAITS_FOR_TIER",
  message: "critical pods go only when all others have left",
  pods: names(lane.queue),
  seconds: secondsSince(state, state.progressAt),
});

const laneReasons = (state: DrainState, survey: Survey): readonly BlockedReason[] => {
  const tier = presentTier(state, survey);
  return [...survey.lanes.values()].map(lane =>
    isHeldByTier(lane, tier) ? tierReason(state, lane) : laneReason(state, lane),
  );
};

const podReasons = (state: DrainState, blocked: Iterable<BlockedPod>): readonly BlockedReason[] => {
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

const openReason = (state: DrainState, nodes: Iterable<NodeFact>): readonly BlockedReason[] => {
  const open = [...nodes].filter(node => isOpen(state, node)).map(node => node.name);
  if (open.length === 0) return [];
  const message = `pods may still be scheduled to ${describeNames(open)}: the node could not be fenced`;
  return [{ code: "NOT_FENCED", message, pods: [], seconds: secondsSince(state, state.progressAt) }];
};

const volumeReasons = (state: DrainState, { attached, load }: Survey): readonly BlockedReason[] =>
  [...attached]
    .filter(([node]) => !load.has(node))
    .map(([node, volumes]) => ({
      code: "VOLUME_ATTACHED",
      message: `${node} has no pods left and still holds ${describeNames(volumes.map(({ claim, name }) => claim ?? name))}`,
      pods: [],
      seconds: secondsSince(state, state.emptySince.get(node) ?? state.now),
    }));

const guardReasons = (state: DrainState): readonly BlockedReason[] =>
  closedGuards(state.guards).map(guard => ({
    code: "GUARD_CLOSED",
    message: describeGuard(guard),
    pods: [],
    seconds: secondsSince(state, state.watch.gates[guard.name]?.shutSince ?? state.now),
  }));

const balancerReasons = (state: DrainState, { blue }: Survey): readonly BlockedReason[] => {
  const waiting = [...blue.values()].filter(
    node => state.emptySince.has(node.name) && !hasDeregistered(state, node),
  );
  if (waiting.length === 0) return [];
  const message = `${describeNames(waiting.map(({ name }) => name))} are empty and have not left their load balancers`;
  return [{ code: "LEAVING_BALANCERS", message, pods: [], seconds: secondsSince(state, state.progressAt) }];
};

/** Every reason at once, sorted, so that the same situation always gives the same report. */
export const blockedReasons = (state: DrainState, survey: Survey): readonly BlockedReason[] =>
  [
    ...laneReasons(state, survey),
    ...guardReasons(state),
    ...podReasons(state, [...survey.blocked.values(), ...survey.awaited.values()]),
    ...goingReason(state, [...survey.going.values()]),
    ...unsettledWorkloads(state).map(entry => unsettledReason(state, entry)),
    ...volumeReasons(state, survey),
    ...balancerReasons(state, survey),
    ...openReason(state, survey.blue.values()),
  ].sort(
    (a, b) => compareText(a.code, b.code) || compareText(a.pods[0] ?? a.message, b.pods[0] ?? b.message),
  );

const remainingPods = ({ blocked, awaited, going, queued }: Survey): number =>
  blocked.size + awaited.size + going.size + queued;

/** A node without pods that still holds a volume is not empty. */
const busyNodes = ({ load, attached }: Survey): number =>
  [...attached.keys()].reduce((count, node) => count + Number(!load.has(node)), load.size);

/** A node that was given up was empty. */
const nodesOf = ({ released }: DrainState, survey: Survey): DrainFigures["nodes"] => {
  const gone = [...released.keys()].filter(name => !survey.blue.has(name)).sort(compareText);
  return {
    total: survey.blue.size + gone.length,
    empty: survey.blue.size - busyNodes(survey) + gone.length,
    ...(gone.length === 0 ? {} : { givenUp: gone }),
  };
};

export const figuresOf = (state: DrainState, survey: Survey): DrainFigures => ({
  moved: state.moved,
  remaining: remainingPods(survey),
  nodes: nodesOf(state, survey),
  seconds: secondsSince(state, state.startedAt),
});

const all = <T>(items: Iterable<T>, holds: (item: T) => boolean): boolean => {
  for (const item of items) if (!holds(item)) return false;
  return true;
};

/** True when nothing is left that time could bring about, so that what remains is blocked. */
const cannotGoOn = (state: DrainState, survey: Survey): boolean =>
  survey.going.size === 0 &&
  state.settlement.unsettled.size === 0 &&
  all(survey.lanes.values(), lane => isHopeless(state, lane)) &&
  all(survey.blocked.values(), entry => isLastingBlock(state, entry)) &&
  all(survey.awaited.values(), entry => isOverdue(state, entry)) &&
  all(survey.attached.keys(), node => survey.load.has(node) || isHangingTooLong(state, node));

const endOf = (state: DrainState, survey: Survey): DrainOutcome | undefined => {
  const figures = figuresOf(state, survey);
  const timedOut = state.now - state.progressAt >= state.spec.timeoutMs;
  const empty = figures.remaining === 0 && state.settlement.unsettled.size === 0;
  if (empty && all(survey.blue.values(), node => isDone(state, survey, node)))
    return { kind: "drained", ...figures };
  const goesOn = (empty && survey.attached.size === 0) || !cannotGoOn(state, survey);
  if (goesOn && !timedOut) return undefined;
  return { kind: "blocked", reasons: blockedReasons(state, survey), ...figures };
};

/**
 * The end of a run that nobody interrupts, or undefined while it goes on. It goes on while a call is unanswered, though
 * its pod may be gone already: a pod counts, and the lease may be let go, only after the server's answer.
 */
export const naturalOutcome = (state: DrainState, survey: Survey): DrainOutcome | undefined =>
  survey.posted.size > 0 ? undefined : endOf(state, survey);

const oursGoing = (state: DrainState, survey: Survey): boolean =>
  [...survey.going.keys()].some(uid => state.attempts.has(uid));

/** Before the first lists are in, the figures are those of a cluster that was seen in part, or not at all. */
const reasonOf = ({ synced }: DrainState, { reason }: Ending): string =>
  synced
    ? reason
    : `${reason}, before everything there was read: nothing was evicted, what is left is not known`;

/** The end of an interrupted run: at once when the lease is lost, else when our own evictions are through or lingered. */
export const interruptedOutcome = (
  state: DrainState,
  survey: Survey,
  ending: Ending,
): DrainOutcome | undefined => {
  const lingered = state.now - ending.since >= state.spec.lingerMs;
  const through = survey.posted.size === 0 && (lingered || !oursGoing(state, survey));
  if (ending.kind !== "lostLease" && !through) return undefined;
  return { kind: ending.kind, reason: reasonOf(state, ending), ...figuresOf(state, survey) };
};

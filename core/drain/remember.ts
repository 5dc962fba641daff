import { memoryOf } from "./budgets";
import { closedGuards } from "./guards";
import { isHangingTooLong, isOverdue } from "./hopeless";
import { isDeregistering } from "./quiet";
import { chooseNodes } from "./scope";
import { settle, settledPods } from "./settlement";
import { type BudgetMemory, NO_MEMORY, type Waiting } from "./attempts";
import type { DrainState } from "./state";
import { standstillOf } from "./standstill";
import { surveyDrain } from "./survey";
import type { Lane, Survey } from "./surveyed";
import type { VersionedMap } from "./versioned";
import { targetOf } from "./workloads";

/** A staged step takes its share of the nodes once, at the start, and keeps to it. */
export const withChosenNodes = (state: DrainState): DrainState => {
  if (state.chosen !== undefined || state.spec.percent >= 100) return state;
  const { blue, load } = surveyDrain(state);
  const nodes = [...blue.values()].map(({ name, cordoned }) => ({
    ...{ name, cordoned },
    movable: load.get(name) ?? 0,
  }));
  return { ...state, chosen: new Set(chooseNodes(nodes, state.spec.percent)) };
};

const MOVING: ReadonlySet<string | undefined> = new Set(["lane", "going"]);

/** Workloads of which a pod on blue is seen for the first time. */
const freshWorkloads = (state: DrainState, survey: Survey): ReadonlySet<string> => {
  const fresh = new Set<string>();
  for (const uid of survey.news.pods) {
    if (!MOVING.has(survey.places.get(uid)?.kind)) continue;
    const key = survey.tallied.get(uid)?.key;
    if (key !== undefined && !state.targets.has(key)) fresh.add(key);
  }
  return fresh;
};

/** What each workload had when its first pod on blue was seen: it must have that again at the end. */
const account = (state: DrainState, survey: Survey): Pick<DrainState, "targets" | "settlement"> => {
  const fresh = freshWorkloads(state, survey);
  let { targets } = state;
  let wanted = 0;
  for (const key of fresh) {
    const count = survey.counts.get(key);
    const target = count === undefined ? 0 : targetOf(count, state);
    targets = targets.with(key, target);
    wanted += target;
  }
  const keys = new Set([...survey.news.workloads, ...fresh]);
  const settlement = settle(state.settlement, { ...state, targets }, { counts: survey.counts, keys, wanted });
  return { targets, settlement };
};

const peaks = (state: DrainState, survey: Survey): DrainState["peaks"] => {
  let { peaks: known } = state;
  for (const key of survey.news.workloads) {
    const count = survey.counts.get(key);
    if (count?.workload.desired === undefined && count !== undefined && count.live > (known.get(key) ?? 0))
      known = known.with(key, count.live);
  }
  return known;
};

const marked = (
  table: VersionedMap<string, number>,
  key: string,
  mark: { readonly holds: boolean; readonly now: number },
): VersionedMap<string, number> => {
  if (!mark.holds) return table.without(key);
  return table.has(key) ? table : table.with(key, mark.now);
};

const nodeTimes = (
  state: DrainState,
  { news, blue, load }: Survey,
): Pick<DrainState, "emptySince" | "cordonedSince"> => {
  let { emptySince, cordonedSince } = state;
  const { now } = state;
  for (const name of news.nodes) {
    const node = blue.get(name);
    emptySince = marked(emptySince, name, { holds: node !== undefined && !load.has(name), now });
    cordonedSince = marked(cordonedSince, name, { holds: node?.cordoned === true, now });
  }
  return { emptySince, cordonedSince };
};

const blockedSince = (state: DrainState, survey: Survey): DrainState["blockedSince"] => {
  let { blockedSince: known } = state;
  for (const uid of survey.news.pods) {
    const code = (survey.blocked.get(uid) ?? survey.awaited.get(uid))?.code;
    if (code === undefined) known = known.without(uid);
    else if (known.get(uid)?.code !== code) known = known.with(uid, { code, since: state.now });
  }
  return known;
};

const waitingOf = (state: DrainState, lane: Lane): Waiting | undefined => {
  if (lane.inFlight > 0 || lane.ready.length > 0 || lane.slots > 0) return undefined;
  const before = memoryOf(state, lane.budget.key).waiting;
  const code = standstillOf(
    lane.budget,
    lane.queue.every(pod => !pod.ready),
  );
  if (before?.code === code) return before;
  return { since: before?.since ?? state.now, code, codeSince: state.now };
};

const withWaiting = ({ waiting: _, ...memory }: BudgetMemory, waiting: Waiting | undefined): BudgetMemory =>
  waiting === undefined ? memory : { ...memory, waiting };

const budgets = (state: DrainState, survey: Survey): DrainState["budgets"] => {
  let { budgets: known } = state;
  for (const key of survey.news.lanes) {
    const lane = survey.lanes.get(key);
    const before = known.get(key) ?? NO_MEMORY;
    const waiting = lane === undefined ? undefined : waitingOf(state, lane);
    if (waiting !== before.waiting) known = known.with(key, withWaiting(before, waiting));
  }
  return known;
};

/** Pods that are never evicted, and volumes, are waited for until their own deadline: that is no standstill. */
const isAwaiting = (state: DrainState, { awaited, attached, load }: Survey): boolean =>
  [...awaited.values()].some(pod => !isOverdue(state, pod)) ||
  [...attached.keys()].some(node => !load.has(node) && !isHangingTooLong(state, node));

/** Time in which nothing may happen, or in which pods end within their grace, is not time without progress. */
const progressAt = (before: DrainState, state: DrainState, survey: Survey): number => {
  const held = closedGuards(state.watch.told).length > 0;
  const settled = settledPods(state.settlement) > settledPods(before.settlement);
  const moving =
    held || settled || survey.going.size > 0 || isAwaiting(state, survey) || isDeregistering(state, survey);
  return moving ? state.now : state.progressAt;
};

/** Notes what a look at the cluster teaches, before anything is decided by it. */
export const rememberSurvey = (state: DrainState, survey: Survey): DrainState => {
  const peaked: DrainState = { ...state, peaks: peaks(state, survey) };
  const noted: DrainState = {
    ...peaked,
    ...account(peaked, survey),
    ...nodeTimes(state, survey),
    blockedSince: blockedSince(state, survey),
    budgets: budgets(state, survey),
  };
  return { ...noted, progressAt: progressAt(state, noted, survey) };
};

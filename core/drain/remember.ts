import { memoryOf } from "./budgets";
import { closedGuards } from "./guards";
import { unsettledWorkloads } from "./outcome";
import { chooseNodes } from "./scope";
import { type BudgetMemory, type DrainState, NO_MEMORY, type Waiting } from "./state";
import { standstillOf } from "./standstill";
import { type Lane, type Survey, surveyDrain } from "./survey";
import { desiredOf, targetOf } from "./workloads";

/** A staged step takes its share of the nodes once, at the start, and keeps to it. */
export const withChosenNodes = (state: DrainState): DrainState => {
  if (state.chosen !== undefined || state.spec.percent >= 100) return state;
  const { blue, load } = surveyDrain(state);
  const nodes = blue.map(({ name, cordoned }) => ({ name, cordoned, movable: load.get(name) ?? 0 }));
  return { ...state, chosen: new Set(chooseNodes(nodes, state.spec.percent)) };
};

const movingWorkloads = (survey: Survey): ReadonlySet<string> => {
  const pods = [...survey.lanes.flatMap(lane => lane.queue), ...survey.going];
  return new Set(pods.flatMap(pod => survey.workloads.of(pod)?.key ?? []));
};

/** What each workload had when its first pod on blue was seen: it must have that again at the end. */
const targets = (state: DrainState, survey: Survey): DrainState["targets"] => {
  const fresh = [...movingWorkloads(survey)].filter(key => !state.targets.has(key));
  if (fresh.length === 0) return state.targets;
  const next = new Map(state.targets);
  for (const key of fresh) {
    const count = survey.workloads.counts.get(key);
    if (count !== undefined) next.set(key, targetOf(count, state));
  }
  return next;
};

const peaks = (state: DrainState, survey: Survey): DrainState["peaks"] => {
  const risen = [...survey.workloads.counts.values()].filter(
    ({ workload, live }) => workload.desired === undefined && live > (state.peaks.get(workload.key) ?? 0),
  );
  if (risen.length === 0) return state.peaks;
  const next = new Map(state.peaks);
  for (const count of risen) next.set(count.workload.key, desiredOf(count, state));
  return next;
};

const emptySince = (state: DrainState, survey: Survey): DrainState["emptySince"] =>
  new Map(
    survey.blue
      .filter(node => !survey.load.has(node.name))
      .map(node => [node.name, state.emptySince.get(node.name) ?? state.now]),
  );

const cordonedSince = (state: DrainState, survey: Survey): DrainState["cordonedSince"] =>
  new Map(
    survey.blue
      .filter(node => node.cordoned)
      .map(node => [node.name, state.cordonedSince.get(node.name) ?? state.now]),
  );

const blockedSince = (state: DrainState, survey: Survey): DrainState["blockedSince"] =>
  new Map(
    survey.blocked.map(({ pod, code }) => {
      const before = state.blockedSince.get(pod.uid);
      return [pod.uid, before?.code === code ? before : { code, since: state.now }];
    }),
  );

const waitingOf = (state: DrainState, lane: Lane): Waiting | undefined => {
  if (lane.inFlight || lane.ready.length > 0 || lane.slots > 0) return undefined;
  const before = memoryOf(state, lane.budget.key).waiting;
  const code = standstillOf(
    lane.budget,
    lane.queue.every(pod => !pod.ready),
  );
  const codeSince = before?.code === code ? before.codeSince : state.now;
  return { since: before?.since ?? state.now, code, codeSince };
};

const withWaiting = ({ waiting: _, ...memory }: BudgetMemory, waiting: Waiting | undefined): BudgetMemory =>
  waiting === undefined ? memory : { ...memory, waiting };

const budgets = (state: DrainState, survey: Survey): DrainState["budgets"] => {
  const waits = new Map(survey.lanes.map(lane => [lane.budget.key, waitingOf(state, lane)]));
  const keys = new Set([...state.budgets.keys(), ...waits.keys()]);
  return new Map(
    [...keys].map(key => [key, withWaiting(state.budgets.get(key) ?? NO_MEMORY, waits.get(key))]),
  );
};

const settledPods = (state: DrainState, survey: Survey): number => {
  const owed = unsettledWorkloads(state, survey).reduce(
    (sum, { target, available }) => sum + target - available,
    0,
  );
  return [...state.targets.values()].reduce((sum, target) => sum + target, 0) - owed;
};

/** Time in which nothing may happen, or in which pods end within their grace, is not time without progress. */
const progress = (state: DrainState, survey: Survey): Pick<DrainState, "progressAt" | "settled"> => {
  const settled = settledPods(state, survey);
  const held = closedGuards(state.guards).length > 0;
  const moving = held || survey.going.length > 0 || settled > state.settled;
  return { progressAt: moving ? state.now : state.progressAt, settled };
};

/** Notes what a look at the cluster teaches, before anything is decided by it. */
export const rememberSurvey = (state: DrainState, survey: Survey): DrainState => {
  const noted: DrainState = {
    ...state,
    targets: targets(state, survey),
    peaks: peaks(state, survey),
    emptySince: emptySince(state, survey),
    cordonedSince: cordonedSince(state, survey),
    blockedSince: blockedSince(state, survey),
    budgets: budgets(state, survey),
  };
  return { ...noted, ...progress(noted, survey) };
};

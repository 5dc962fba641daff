import { ownKey, pdbKey } from "./budgets";
import { type Drift, driftSince, everything } from "./drift";
import type { AttachmentFact, BudgetFact } from "./facts";
import { relane } from "./lanes";
import { rereadAttachments, rereadNode } from "./nodes";
import { replace } from "./whereabouts";
import { type Draft, startDraft } from "./sketch";
import type { Attempt } from "./attempts";
import type { DrainState } from "./state";
import { emptySurvey, type Survey } from "./surveyed";
import { rereadWorkload, retally } from "./tally";
import { membersOf } from "./versioned";

const sameSelector = (a: BudgetFact | undefined, b: BudgetFact | undefined): boolean =>
  a !== undefined &&
  b !== undefined &&
  a.name === b.name &&
  a.namespace === b.namespace &&
  JSON.stringify(a.selector) === JSON.stringify(b.selector);

const touchNamespace = (draft: Draft, namespace: string): void => {
  for (const uid of membersOf(draft.state.world.podsByNamespace, namespace))
    if (draft.places.has(uid)) draft.touched.pods.add(uid);
};

const touchOwned = (draft: Draft, owner: string): void => {
  for (const uid of membersOf(draft.state.world.podsByOwner, owner))
    if (draft.places.has(uid)) draft.touched.pods.add(uid);
};

/** A budget that selects as before concerns its lane only. */
const rereadBudget = (draft: Draft, uid: string, before: BudgetFact | undefined): void => {
  const after = draft.state.world.budgets.get(uid);
  const same = sameSelector(before, after);
  for (const fact of [before, after]) {
    if (fact === undefined) continue;
    draft.touched.lanes.add(pdbKey(fact));
    if (!same) touchNamespace(draft, fact.namespace);
  }
};

/** Pods that came to blue are judged by how often their workload came back. */
const touchArrivals = (draft: Draft, workload: string): void => {
  for (const uid of membersOf(draft.arrivals, workload)) draft.touched.pods.add(uid);
};

const touchDue = (draft: Draft): void => {
  const { now } = draft.state;
  for (const [uid, at] of draft.podDue) if (at <= now) draft.touched.pods.add(uid);
  for (const [key, at] of draft.laneDue) if (at <= now) draft.touched.lanes.add(key);
};

/** A budget waits for the pods it has let go, though they are in its lane no more. */
const touchPod = (draft: Draft, uid: string, attempt: Attempt | undefined): void => {
  draft.touched.pods.add(uid);
  if (attempt !== undefined) draft.touched.lanes.add(attempt.budget);
};

const notePosted = (draft: Draft, uid: string): void => {
  const posted = draft.state.attempts.get(uid)?.phase === "posted";
  draft.posted = posted ? draft.posted.with(uid, true) : draft.posted.without(uid);
};

const touchAttachment = (draft: Draft, uid: string, before: AttachmentFact | undefined): void => {
  const after = draft.state.world.attachments.get(uid);
  for (const fact of [before, after]) if (fact !== undefined) draft.touched.nodes.add(fact.node);
};

const touchWorld = (draft: Draft, drift: Drift): void => {
  for (const [uid, before] of drift.nodes) rereadNode(draft, uid, before);
  for (const [uid, before] of drift.workloads) rereadWorkload(draft, uid, before);
  for (const [uid, before] of drift.budgets) rereadBudget(draft, uid, before);
  for (const [uid, before] of drift.attachments) touchAttachment(draft, uid, before);
  for (const uid of drift.pods.keys()) touchPod(draft, uid, draft.state.attempts.get(uid));
};

const touchTied = (draft: Draft, drift: Drift): void => {
  for (const uid of drift.daemonSets.keys()) touchOwned(draft, uid);
  for (const claim of drift.localClaims.keys()) touchNamespace(draft, claim.split("/")[0] ?? "");
};

const touchMemory = (draft: Draft, drift: Drift): void => {
  const { lanes, workloads } = draft.touched;
  for (const [uid, before] of drift.attempts) {
    touchPod(draft, uid, before);
    notePosted(draft, uid);
  }
  for (const key of drift.memories) lanes.add(key);
  for (const key of drift.returns) touchArrivals(draft, key);
  for (const key of drift.peaks) workloads.add(key);
};

/** From what moved to the pods, workloads and lanes that have to be looked at. */
const touch = (draft: Draft, drift: Drift): void => {
  touchWorld(draft, drift);
  touchTied(draft, drift);
  touchMemory(draft, drift);
  touchDue(draft);
};

const relook = (draft: Draft): void => {
  const { pods, workloads, lanes, nodes } = draft.touched;
  for (const uid of pods) retally(draft, uid);
  for (const key of workloads) {
    if (draft.state.returns.has(key)) touchArrivals(draft, key);
    lanes.add(ownKey(key));
  }
  for (const uid of pods) replace(draft, uid);
  for (const key of lanes) relane(draft, key);
  rereadAttachments(draft, nodes);
};

const finish = ({ state: _, touched, ...survey }: Draft): Survey => ({ ...survey, news: touched });

const surveyBy = (state: DrainState, former: Survey, drift: Drift): Survey => {
  const draft = startDraft(state, former);
  touch(draft, drift);
  relook(draft);
  return finish(draft);
};

/** The whole cluster, from nothing. */
export const surveyAfresh = (state: DrainState): Survey => surveyBy(state, emptySurvey(), everything(state));

const isCurrent = (state: DrainState): boolean => {
  const seen = state.looked?.seen;
  return (
    seen !== undefined &&
    (["spec", "world", "chosen", "attempts", "budgets", "peaks", "returns", "now"] as const).every(
      part => seen[part] === state[part],
    )
  );
};

/**
 * The state of the drain as it is now. Only what moved since the last look is looked at anew; the result is the same as
 * from nothing.
 */
export const surveyDrain = (state: DrainState): Survey => {
  const { looked } = state;
  if (looked === undefined) return surveyAfresh(state);
  if (isCurrent(state)) return looked.survey;
  const drift = driftSince(looked, state);
  return drift === undefined ? surveyAfresh(state) : surveyBy(state, looked.survey, drift);
};

import { assertNever } from "../result";
import { chooseEvictions } from "./choose";
import { withEnding } from "./endings";
import type { DrainAction, DrainEvent } from "./events";
import { closedGuards } from "./guards";
import { recordAnswer, recordPost } from "./memory";
import { forgetLost, recordChanges } from "./observe";
import { interruptedOutcome, naturalOutcome } from "./outcome";
import { rememberSurvey, withChosenNodes } from "./remember";
import type { DrainOutcome } from "./report";
import { isSelected } from "./scope";
import type { DrainState } from "./state";
import { type Survey, surveyDrain } from "./survey";
import { nextWake } from "./wake";

const REFENCE_AFTER_MS = 5_000;

const advance = (state: DrainState, event: DrainEvent): DrainState => {
  const now = { ...state, now: Math.max(state.now, event.now) };
  switch (event.kind) {
    case "observed":
      return recordChanges(now, event.changes);
    case "synced":
      return { ...now, synced: true };
    case "answered":
      return recordAnswer(now, event.uid, event.answer);
    case "guards":
      return { ...now, guards: event.guards };
    case "cancelled":
      return { ...now, ending: now.ending ?? { kind: "stopped", reason: event.reason, since: now.now } };
    case "tick":
      return now;
    default:
      return assertNever(event);
  }
};

/** Blue nodes without our mark: they joined late, or someone took the mark or the cordon away. */
const missingFences = (state: DrainState): readonly string[] => {
  if (state.ending !== undefined || closedGuards(state.guards).some(guard => guard.then !== "hold"))
    return [];
  return [...state.world.nodes.values()]
    .filter(node => isSelected(node, state.spec.nodes))
    .filter(node => !node.fenced || (state.spec.cordon && !node.cordoned))
    .filter(node => state.now - (state.fencedAt.get(node.name) ?? -Infinity) >= REFENCE_AFTER_MS)
    .map(node => node.name);
};

const fence = (state: DrainState): readonly [DrainState, readonly DrainAction[]] => {
  const nodes = missingFences(state);
  if (nodes.length === 0) return [state, []];
  const fencedAt = new Map([...state.fencedAt, ...nodes.map(node => [node, state.now] as const)]);
  return [{ ...state, fencedAt }, nodes.map(node => ({ kind: "fence", node }))];
};

const evict = (state: DrainState, survey: Survey): readonly [DrainState, readonly DrainAction[]] => {
  const choices = chooseEvictions(state, survey.lanes);
  const next = choices.reduce((draft, { action, limit }) => recordPost(draft, action, limit), state);
  return [next, choices.map(({ action }) => action)];
};

const outcomeOf = (state: DrainState, survey: Survey): DrainOutcome | undefined =>
  state.ending === undefined
    ? naturalOutcome(state, survey)
    : interruptedOutcome(state, survey, state.ending);

const decide = (state: DrainState): readonly [DrainState, readonly DrainAction[]] => {
  const ready = withEnding(forgetLost(withChosenNodes(state)));
  const survey = surveyDrain(ready);
  const noted = rememberSurvey(ready, survey);
  const outcome = outcomeOf(noted, survey);
  if (outcome !== undefined) return [{ ...noted, outcome }, [{ kind: "finish", outcome }]];
  const [fenced, fences] = fence(noted);
  const [evicted, evictions] = evict(fenced, survey);
  return [evicted, [...fences, ...evictions, { kind: "wake", at: nextWake(evicted) }]];
};

/**
 * The whole engine: what was known, what happened, and what follows. Synchronous, without effects, and always computed
 * from the cluster as it was last seen, so that nothing can be lost in a queue. Nothing is decided before every watch has
 * delivered, nor after the end.
 */
export const next = (state: DrainState, event: DrainEvent): readonly [DrainState, readonly DrainAction[]] => {
  if (state.outcome !== undefined) return [state, []];
  const advanced = advance(state, event);
  if (advanced.synced) return decide(advanced);
  const ending = withEnding(advanced).ending;
  return ending === undefined ? [advanced, []] : decide({ ...advanced, ending });
};

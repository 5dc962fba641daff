import { assertNever } from "../result";
import { chooseEvictions } from "./choose";
import { mayWork, withEnding } from "./endings";
import type { DrainAction, DrainEvent } from "./events";
import { finishEmpty } from "./finishEmpty";
import { hearGuards, keepWatch } from "./guards/keepWatch";
import { recordAnswer, recordPost } from "./memory";
import { forgetLost, recordChanges } from "./observe";
import { interruptedOutcome, naturalOutcome } from "./outcome";
import { rememberSurvey, withChosenNodes } from "./remember";
import type { DrainOutcome } from "./report";
import { compareText } from "./scope";
import type { DrainState, Looked } from "./state";
import { surveyAfresh, surveyDrain } from "./survey";
import type { Survey } from "./surveyed";
import { nextWake } from "./wake";

const REFENCE_AFTER_MS = 5_000;
const AFRESH_AFTER_MS = 30_000;

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
      return hearGuards(now, event.guards);
    case "ladder":
      return { ...now, ladder: event.word };
    case "cancelled":
      return { ...now, ending: now.ending ?? { kind: "stopped", reason: event.reason, since: now.now } };
    case "tick":
      return forgetLost(now);
    default:
      return assertNever(event);
  }
};

/** Blue nodes without our mark: they joined late, or someone took the mark or the cordon away. */
const missingFences = (state: DrainState, { open }: Survey): readonly string[] => {
  if (!mayWork(state)) return [];
  return [...open.keys()]
    .filter(name => state.now - (state.fencedAt.get(name) ?? -Infinity) >= REFENCE_AFTER_MS)
    .sort(compareText);
};

const fence = (state: DrainState, survey: Survey): readonly [DrainState, readonly DrainAction[]] => {
  const nodes = missingFences(state, survey);
  if (nodes.length === 0) return [state, []];
  const fencedAt = nodes.reduce((table, node) => table.with(node, state.now), state.fencedAt);
  return [{ ...state, fencedAt }, nodes.map(node => ({ kind: "fence", node }))];
};

const evict = (state: DrainState, survey: Survey): readonly [DrainState, readonly DrainAction[]] => {
  const choices = chooseEvictions(state, survey);
  const next = choices.reduce((draft, { action, limit }) => recordPost(draft, action, limit), state);
  return [next, choices.map(({ action }) => action)];
};

/** At a standstill everything is looked at from nothing now and then, in case a verdict changed without a word. */
const look = (state: DrainState): Looked => {
  const { spec, world, chosen, attempts, budgets, peaks, returns, now } = state;
  const former = state.looked?.afreshAt ?? -Infinity;
  const afresh = now - Math.max(former, state.progressAt) >= AFRESH_AFTER_MS;
  return {
    survey: afresh ? surveyAfresh(state) : surveyDrain(state),
    seen: { spec, world, chosen, attempts, budgets, peaks, returns, now },
    afreshAt: afresh || state.looked === undefined ? now : state.looked.afreshAt,
  };
};

const outcomeOf = (state: DrainState, survey: Survey): DrainOutcome | undefined =>
  state.ending === undefined
    ? naturalOutcome(state, survey)
    : interruptedOutcome(state, survey, state.ending);

const decide = (state: DrainState): readonly [DrainState, readonly DrainAction[]] => {
  const ready = withEnding(withChosenNodes(state));
  const looked = look(ready);
  const { survey } = looked;
  const noted = keepWatch(rememberSurvey({ ...ready, looked }, survey), survey);
  const outcome = outcomeOf(noted, survey);
  if (outcome !== undefined) return [{ ...noted, outcome }, [{ kind: "finish", outcome }]];
  const [fenced, fences] = fence(noted, survey);
  const [finished, finishes] = finishEmpty(fenced, survey);
  const [evicted, evictions] = evict(finished, survey);
  const wake = { kind: "wake", at: nextWake(evicted, survey) } as const;
  return [evicted, [...fences, ...finishes, ...evictions, wake]];
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

import type { Answer } from "../../core/drain/answers";
import type { DrainAction, DrainEvent, EvictAction } from "../../core/drain/events";
import type { Change } from "../../core/drain/facts";
import type { Guard } from "../../core/drain/guards";
import type { LadderWord } from "../../core/drain/ladder/ladderWord";
import { next } from "../../core/drain/next";
import type { DrainOutcome } from "../../core/drain/report";
import { type Transition, transitionsOf } from "../../core/drain/transitions";
import { type Beginning, createState, type DrainSpec, type DrainState } from "../../core/drain/state";

/** The engine's hands. None of them decides anything. */
export interface EngineEffects {
  readonly now: () => number;
  readonly evict: (action: EvictAction) => Promise<Answer>;
  readonly fence: (node: string) => Promise<void>;
  /** An emptied node is taken out of external load balancers. */
  readonly leaveBalancers: (node: string) => Promise<void>;
  /** The object of an emptied node is deleted if it is still the one with this uid. */
  readonly deleteNode: (node: string, uid: string) => Promise<void>;
  /** Read before every decision. */
  readonly guards: () => readonly Guard[];
  readonly onState: (state: DrainState) => void;
  /** Told of every change of a pod, node, guard or of the run itself, in order. */
  readonly onTransition?: ((transition: Transition) => void) | undefined;
}

export interface Engine {
  readonly observe: (change: Change) => void;
  readonly synced: () => void;
  /** A guard may have moved: look now. */
  readonly look: () => void;
  readonly cancel: (reason: string) => void;
  /** What the ladder for blocked workloads has given up. */
  readonly hearLadder: (word: LadderWord) => void;
  readonly done: Promise<DrainOutcome>;
  readonly state: () => DrainState;
  /** Lets go of timers. */
  readonly close: () => void;
}

/** Guards that no event announces (a lease running out, a watch falling silent) are looked at this often. */
const LOOK_MS = 1_000;

interface Live {
  readonly effects: EngineEffects;
  readonly resolve: (outcome: DrainOutcome) => void;
  readonly reject: (error: unknown) => void;
  state: DrainState;
  waiting: Change[];
  flush: NodeJS.Immediate | undefined;
  timer: NodeJS.Timeout | undefined;
  beat: NodeJS.Timeout | undefined;
  guards: string;
}

const unsure = (error: unknown): Answer => ({
  kind: "later",
  afterMs: 1_000,
  reason: String(error),
  uncertain: true,
});

const evict = async (live: Live, action: EvictAction): Promise<void> => {
  const answer = await (isEnding(live) ? STALE : live.effects.evict(action).catch(unsure));
  send(live, { kind: "answered", now: live.effects.now(), uid: action.uid, answer });
};

const STALE: Answer = { kind: "stale" };

/** Who hears of a transition may cancel the run before what was decided along with it is done. */
const isEnding = ({ state }: Live): boolean => state.ending !== undefined;

const setTimer = (live: Live, at: number): void => {
  clearTimeout(live.timer);
  const wait = Math.max(1, at - live.effects.now());
  live.timer = setTimeout(() => send(live, { kind: "tick", now: live.effects.now() }), wait);
};

const perform = (live: Live, action: DrainAction): void => {
  switch (action.kind) {
    case "evict":
      void evict(live, action);
      return;
    case "fence":
      // What fails here is asked for again after a moment, because the node still lacks the mark.
      void live.effects.fence(action.node).catch(() => undefined);
      return;
    case "leaveBalancers":
      void live.effects.leaveBalancers(action.node).catch(() => undefined);
      return;
    case "deleteNode":
      void live.effects.deleteNode(action.node, action.uid).catch(() => undefined);
      return;
    case "wake":
      setTimer(live, action.at);
      return;
    case "finish":
      live.resolve(action.outcome);
  }
};

const step = (live: Live, event: DrainEvent): void => {
  const before = live.state;
  const [state, actions] = next(before, event);
  live.state = state;
  const { onTransition } = live.effects;
  if (onTransition !== undefined)
    for (const moved of transitionsOf(before, event, state)) onTransition(moved);
  for (const action of actions) perform(live, action);
};

/** Guards that moved are told first, so that no decision is made on older ones. */
const tellGuards = (live: Live): void => {
  const guards = live.effects.guards();
  const text = JSON.stringify(guards);
  if (text === live.guards) return;
  live.guards = text;
  step(live, { kind: "guards", now: live.effects.now(), guards });
};

const send = (live: Live, event: DrainEvent): void => {
  try {
    tellGuards(live);
    step(live, event);
    live.effects.onState(live.state);
  } catch (error) {
    live.reject(error);
  }
};

/** Changes that arrive together are looked at together, each in its order. */
const flush = (live: Live): void => {
  live.flush = undefined;
  const changes = live.waiting;
  live.waiting = [];
  if (changes.length > 0) send(live, { kind: "observed", now: live.effects.now(), changes });
};

const close = (live: Live): void => {
  clearTimeout(live.timer);
  clearInterval(live.beat);
  clearImmediate(live.flush);
};

export interface EngineStart {
  readonly spec: DrainSpec;
  readonly beginning: Beginning;
}

export const startEngine = (start: EngineStart, effects: EngineEffects): Engine => {
  const { promise, resolve, reject } = Promise.withResolvers<DrainOutcome>();
  const live: Live = {
    effects,
    resolve,
    reject,
    state: createState(start.spec, effects.now(), start.beginning),
    waiting: [],
    flush: undefined,
    timer: undefined,
    beat: undefined,
    guards: "",
  };
  const look = (): void => send(live, { kind: "tick", now: effects.now() });
  live.beat = setInterval(look, LOOK_MS);
  return {
    observe: change => {
      live.waiting.push(change);
      live.flush ??= setImmediate(() => flush(live));
    },
    synced: () => {
      flush(live);
      send(live, { kind: "synced", now: effects.now() });
    },
    look,
    cancel: reason => send(live, { kind: "cancelled", now: effects.now(), reason }),
    hearLadder: word => send(live, { kind: "ladder", now: effects.now(), word }),
    done: promise,
    state: () => live.state,
    close: () => close(live),
  };
};

import { type Answer, classifyFailure } from "../../../../core/drain/answers";
import type { DrainAction, DrainEvent, EvictAction } from "../../../../core/drain/events";
import type { Change } from "../../../../core/drain/facts";
import type { Guard } from "../../../../core/drain/guards";
import type { DrainOutcome } from "../../../../core/drain/report";
import { createState, type DrainSpec, type DrainState } from "../../../../core/drain/state";
import { beginningOf } from "../../../../operations/drain/request";
import { evict, type EvictionReply } from "../server/eviction";
import { BLUE, type FactOf, type Server, type Written } from "../server/objects";
import { fenceNode } from "../server/server";
import type { WatchedKind } from "../story";
import type { Observer, Post, Stage } from "./stage";
import { type Feed, openFeed } from "./watch";
import { drawTrip, heardOf, type WireTrip } from "./wire";

/** The engine as a process: watches, calls, timers, a lease, and a death at any moment. */
export interface Host {
  readonly stage: Stage;
  readonly counts: { posts: number; accepted: number; refused: number; burnt: number; steps: number };
  readonly outcome: () => DrainOutcome | undefined;
  readonly start: () => void;
  readonly look: () => void;
  readonly cancel: () => void;
  readonly feed: (kind: WatchedKind) => Feed | undefined;
}

/** What decides: the product's `next`, or a wrong one that shows that a law can be broken. */
export type DrainEngine = (
  state: DrainState,
  event: DrainEvent,
) => readonly [DrainState, readonly DrainAction[]];

export interface HostPorts {
  readonly server: Server;
  readonly random: () => number;
  readonly spec: DrainSpec;
  readonly engine: DrainEngine;
  readonly observers: readonly Observer[];
  readonly guards: () => readonly Guard[];
  readonly trace: (text: string) => void;
  readonly crashed: (error: unknown) => void;
}

interface Live {
  readonly ports: HostPorts;
  readonly counts: Host["counts"];
  readonly history: Readonly<Record<WatchedKind, Written[]>>;
  readonly outstanding: Map<string, Post>;
  state: DrainState;
  feeds: readonly Feed[];
  waiting: Change[];
  flushing: boolean;
  synced: boolean;
  /** Grows with each start and each death: what belongs to an earlier life is void. */
  life: number;
  wake: number;
  guards: string;
  outcome: DrainOutcome | undefined;
}

const KINDS: readonly WatchedKind[] = ["workload", "budget", "node", "pod", "attachment"];
const LOCAL_REFUSAL: Answer = {
  kind: "later",
  afterMs: 1_000,
  reason: "the lease is not sure",
  uncertain: false,
};

const now = (live: Live): number => live.ports.server.clock.now();

const isClosed = (guard: Guard): boolean => guard.state !== "open";

const knewOf = (live: Live): Post["knew"] => {
  const seen = (kind: WatchedKind): number => live.feeds.find(feed => feed.kind === kind)?.seen() ?? 0;
  return {
    pod: seen("pod"),
    budget: seen("budget"),
    workload: seen("workload"),
    node: seen("node"),
    attachment: seen("attachment"),
  };
};

const podsKnown = (live: Live): ReadonlyMap<string, FactOf["pod"]> =>
  (live.feeds.find(({ kind }) => kind === "pod")?.store.byUid ?? new Map()) as ReadonlyMap<
    string,
    FactOf["pod"]
  >;

/** The last look of the product before it sends: the lease, then the cache. */
const refuseLocally = (live: Live, action: EvictAction): Answer | undefined => {
  if (live.ports.guards().some(guard => guard.name === "lease" && isClosed(guard))) return LOCAL_REFUSAL;
  const pod = podsKnown(live).get(action.uid);
  const meant = pod !== undefined && pod.deletingSince === undefined && pod.node === action.node;
  return meant && (action.asUnready !== true || !pod.ready) ? undefined : { kind: "stale" };
};

const answer = (live: Live, action: EvictAction, reply: Answer): void => {
  live.outstanding.delete(action.uid);
  live.ports.trace(`answer ${action.name}: ${JSON.stringify(reply)}`);
  send(live, { kind: "answered", now: now(live), uid: action.uid, answer: reply });
};

const hear = (
  live: Live,
  post: Post,
  reply: { readonly trip: WireTrip; readonly reply?: EvictionReply },
): void => {
  const failure = heardOf(reply.trip, reply.reply);
  if (failure !== undefined) live.counts.refused += 1;
  for (const observer of live.ports.observers) observer.answered?.(post, failure);
  answer(live, post.action, failure === undefined ? { kind: "accepted" } : classifyFailure(failure));
};

const committed = (live: Live, post: Post, reply: EvictionReply): void => {
  if (reply.ok && reply.fresh) live.counts.accepted += 1;
  if (!reply.ok && reply.burnt !== undefined) live.counts.burnt += 1;
  for (const observer of live.ports.observers) observer.committed?.(post, reply);
};

type Then = (reply?: EvictionReply) => void;

/** What the server does with a call that reached it. Its own time comes on top of the way there and back. */
const reach = (live: Live, { sent, resourceVersion }: Sent, then: Then): void =>
  evict(live.ports.server, { ...sent.action, resourceVersion, cause: "us" }, reply => {
    committed(live, sent, reply);
    then(reply);
  });

interface Sent {
  readonly sent: Post;
  /** Of the pod, where it must not have changed. */
  readonly resourceVersion: string | undefined;
}

const post = (live: Live, action: EvictAction): void => {
  const { server, random, observers } = live.ports;
  const sent: Post = { action, life: live.life, at: now(live), knew: knewOf(live) };
  for (const observer of observers) observer.posted?.(sent);
  live.counts.posts += 1;
  live.outstanding.set(action.uid, sent);
  const trip = drawTrip(server, random);
  const quarter = server.story.pace.callMs / 4;
  const version = podsKnown(live).get(action.uid)?.resourceVersion;
  const back: Then = reply =>
    server.clock.after(2 * quarter + trip.delayMs, () => {
      if (live.life === sent.life) hear(live, sent, reply === undefined ? { trip } : { trip, reply });
    });
  server.clock.after(quarter, () => {
    // The call of a dead process may still arrive, or may not.
    const lost = live.life !== sent.life && random() < 0.5;
    const resourceVersion = action.asUnready === true ? version : undefined;
    if (trip.reaches && !lost) reach(live, { sent, resourceVersion }, back);
    else server.clock.after(quarter, () => back());
  });
};

const tryEvict = (live: Live, action: EvictAction): void => {
  const refusal = refuseLocally(live, action);
  if (refusal === undefined) {
    post(live, action);
    return;
  }
  const { life } = live;
  live.ports.server.clock.after(0, () => {
    if (live.life === life) answer(live, action, refusal);
  });
};

const tryFence = (live: Live, node: string): void => {
  const { server, guards } = live.ports;
  const { life } = live;
  const trip = drawTrip(server, live.ports.random);
  server.clock.after(server.story.pace.callMs, () => {
    const leased = !guards().some(guard => guard.name === "lease" && isClosed(guard));
    if (live.life === life && leased && trip.reaches) fenceNode(server, node, "test");
  });
};

const setWake = (live: Live, at: number): void => {
  live.wake += 1;
  const { wake } = live;
  live.ports.server.clock.after(Math.max(1, at - now(live)), () => {
    if (live.wake === wake) send(live, { kind: "tick", now: now(live) });
  });
};

const die = (live: Live): void => {
  live.life += 1;
  live.wake += 1;
  live.synced = false;
  live.waiting = [];
  live.outstanding.clear();
  for (const feed of live.feeds) feed.close();
  live.feeds = [];
};

const restart = (live: Live): void => {
  die(live);
  const { life } = live;
  live.ports.trace("process ended; another will start");
  live.ports.server.clock.after(live.ports.server.story.pace.restartMs, () => {
    if (live.life === life) start(live);
  });
};

const finish = (live: Live, outcome: DrainOutcome): void => {
  live.ports.trace(`finish ${JSON.stringify(outcome)}`);
  if (outcome.kind === "lostLease") restart(live);
  else live.outcome = outcome;
};

const perform = (live: Live, action: DrainAction): void => {
  if (action.kind !== "wake") live.ports.trace(`do ${JSON.stringify(action)}`);
  if (action.kind === "evict") tryEvict(live, action);
  if (action.kind === "fence") tryFence(live, action.node);
  if (action.kind === "wake") setWake(live, action.at);
  if (action.kind === "finish") finish(live, action.outcome);
};

const DONE = { none: 0, half: 0.5, all: 1 } as const;

/** Performs what the engine asks for, unless death comes between decision and deed. */
const act = (live: Live, actions: readonly DrainAction[]): void => {
  const kill = live.ports.server.story.kills.find(({ step }) => step === live.counts.steps);
  const share = kill === undefined ? actions.length : Math.floor(actions.length * DONE[kill.done]);
  for (const action of actions.slice(0, share)) perform(live, action);
  if (kill === undefined || live.outcome !== undefined) return;
  live.ports.trace(`killed at step ${kill.step}, ${kill.done} of its actions done`);
  restart(live);
};

const step = (live: Live, event: DrainEvent): void => {
  const { life } = live;
  live.counts.steps += 1;
  try {
    const [state, actions] = live.ports.engine(live.state, event);
    live.state = state;
    act(live, actions);
  } catch (error) {
    live.ports.crashed(error);
  }
  if (live.life === life) for (const observer of live.ports.observers) observer.looked?.();
};

const send = (live: Live, event: DrainEvent): void => {
  const { life } = live;
  const guards = live.ports.guards();
  const text = JSON.stringify(guards);
  if (text !== live.guards) {
    live.guards = text;
    step(live, { kind: "guards", now: now(live), guards });
  }
  if (live.life === life && live.outcome === undefined) step(live, event);
};

const observe = (live: Live, changes: readonly Change[]): void => {
  live.waiting.push(...changes);
  if (live.flushing || !live.synced) return;
  live.flushing = true;
  const { life } = live;
  live.ports.server.clock.after(0, () => {
    live.flushing = false;
    if (live.life === life) flush(live);
  });
};

const flush = (live: Live): void => {
  const changes = live.waiting;
  live.waiting = [];
  if (changes.length > 0) send(live, { kind: "observed", now: now(live), changes });
};

const listAll = (live: Live, life: number): void => {
  const { server, random } = live.ports;
  let missing = KINDS.length;
  for (const kind of KINDS) {
    server.clock.after(random() * 2 * server.story.pace.callMs, () => {
      if (live.life !== life) return;
      const onChanges = (changes: readonly Change[]): void => observe(live, changes);
      live.feeds = [
        ...live.feeds,
        openFeed(kind, { server, random, history: live.history[kind], onChanges }),
      ];
      missing -= 1;
      if (missing > 0) return;
      flush(live);
      if (live.life !== life) return;
      live.synced = true;
      send(live, { kind: "synced", now: now(live) });
    });
  }
};

const start = (live: Live): void => {
  const { server, spec, observers, trace } = live.ports;
  live.life += 1;
  live.guards = "";
  const nodes = [...server.nodes.values()];
  const request = { run: "test", nodes: { labels: { matchLabels: BLUE } } };
  live.state = createState(spec, now(live), beginningOf(request, nodes, now(live)));
  trace("process starts");
  for (const observer of observers) observer.born?.();
  listAll(live, live.life);
};

const stageOf = (live: Live): Stage => ({
  server: live.ports.server,
  outstanding: live.outstanding,
  known: <K extends WatchedKind>(kind: K) => {
    const feed = live.feeds.find(one => one.kind === kind);
    return [...(feed?.store.byUid.values() ?? [])] as unknown as readonly FactOf[K][];
  },
  closed: () => live.ports.guards().find(isClosed)?.name,
  awake: () => live.synced && live.outcome === undefined,
});

export const openHost = (ports: HostPorts): Host => {
  const history: Record<WatchedKind, Written[]> = {
    pod: [],
    budget: [],
    workload: [],
    node: [],
    attachment: [],
  };
  ports.server.listeners.push(written => history[written.kind].push(written));
  const live: Live = {
    ports,
    counts: { posts: 0, accepted: 0, refused: 0, burnt: 0, steps: 0 },
    history,
    outstanding: new Map(),
    state: createState(ports.spec, ports.server.clock.now()),
    feeds: [],
    waiting: [],
    flushing: false,
    synced: false,
    life: 0,
    wake: 0,
    guards: "",
    outcome: undefined,
  };
  return {
    stage: stageOf(live),
    counts: live.counts,
    outcome: () => live.outcome,
    start: () => start(live),
    look: () => {
      if (live.feeds.length === KINDS.length) send(live, { kind: "tick", now: now(live) });
    },
    cancel: () => {
      if (live.feeds.length === KINDS.length)
        send(live, { kind: "cancelled", now: now(live), reason: "test" });
    },
    feed: kind => live.feeds.find(feed => feed.kind === kind),
  };
};

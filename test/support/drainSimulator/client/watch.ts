import type { Change, ChangedObject } from "../../../../core/drain/facts";
import { openStore, type Store } from "../../../../kube/store";
import { type FactOf, listFacts, type Server, type Written } from "../server/objects";
import type { WatchedKind } from "../story";

type Fact = FactOf[WatchedKind];

/** One kind's watch into the product's own store: late, in order, sometimes cut off, sometimes listed anew. */
export interface Feed {
  readonly kind: WatchedKind;
  readonly store: Store<Fact>;
  /** The last entry of the server's history that was told. */
  seen(): number;
  drop(gap: { readonly forMs: number; readonly expired: boolean; readonly repeats: number }): void;
  close(): void;
}

export interface FeedPorts {
  readonly server: Server;
  readonly random: () => number;
  /** Every write of this kind since the start, oldest first. */
  readonly history: readonly Written[];
  readonly onChanges: (changes: readonly Change[]) => void;
}

interface Live {
  readonly kind: WatchedKind;
  readonly ports: FeedPorts;
  readonly store: Store<Fact>;
  /** Entries of the history already told. */
  next: number;
  seen: number;
  dueAt: number;
  /** Deliveries promised by an earlier connection are void. */
  connection: number;
  connected: boolean;
}

const asChanges = (kind: WatchedKind, changes: ReturnType<Store<Fact>["set"]>): readonly Change[] =>
  changes.map(change =>
    change.kind === "gone"
      ? { type: "gone", kind, uid: change.object.uid }
      : { type: "set", object: { kind, fact: change.object } as ChangedObject },
  );

const deliverNext = (live: Live): void => {
  const written = live.ports.history[live.next];
  if (written === undefined) return;
  live.next += 1;
  live.seen = Math.max(live.seen, written.seq);
  const { store, kind } = live;
  const changes = written.gone ? store.drop(written.fact) : store.set(written.fact);
  if (changes.length > 0) live.ports.onChanges(asChanges(kind, changes));
};

const promise = (live: Live, waitMs: number): void => {
  const { clock } = live.ports.server;
  const { connection } = live;
  live.dueAt = Math.max(live.dueAt, clock.now() + waitMs);
  clock.after(live.dueAt - clock.now(), () => {
    if (live.connection === connection) deliverNext(live);
  });
};

const lagOf = ({ ports: { server, random } }: Live): number =>
  server.story.pace.watchMs + random() * server.story.pace.jitterMs;

const shuffled = <T>(items: readonly T[], random: () => number): readonly T[] =>
  items
    .map(item => ({ item, rank: random() }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ item }) => item);

const relist = (live: Live): void => {
  const { server, random, history, onChanges } = live.ports;
  live.next = history.length;
  live.seen = server.seq;
  const changes = live.store.replace(shuffled(listFacts(server, live.kind), random));
  if (changes.length > 0) onChanges(asChanges(live.kind, changes));
};

const resume = (live: Live, repeats: number): void => {
  live.next = Math.max(0, live.next - repeats);
  live.dueAt = 0;
  for (let index = live.next; index < live.ports.history.length; index++) promise(live, 0);
};

const drop = (live: Live, gap: Parameters<Feed["drop"]>[0]): void => {
  if (!live.connected) return;
  live.connected = false;
  live.connection += 1;
  const { connection } = live;
  live.ports.server.clock.after(gap.forMs, () => {
    if (live.connection !== connection) return;
    live.connected = true;
    if (gap.expired) relist(live);
    else resume(live, gap.repeats);
  });
};

/** Lists at once, then follows. */
export const openFeed = (kind: WatchedKind, ports: FeedPorts): Feed => {
  const live: Live = {
    kind,
    ports,
    store: openStore<Fact>(),
    next: 0,
    seen: 0,
    dueAt: 0,
    connection: 0,
    connected: true,
  };
  relist(live);
  const follow = (written: Written): void => {
    if (written.kind === kind && live.connected) promise(live, lagOf(live));
  };
  ports.server.listeners.push(follow);
  return {
    kind,
    store: live.store,
    seen: () => live.seen,
    drop: gap => drop(live, gap),
    close: () => {
      live.connection += 1;
      live.connected = false;
      ports.server.listeners.splice(ports.server.listeners.indexOf(follow), 1);
    },
  };
};

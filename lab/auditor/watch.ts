/**
 * One resource, listed once and then watched for as long as the audit lasts. A broken watch goes on from the last
 * resourceVersion, so that nothing is missed; only where that history is gone is the list read anew, and that is a blind gap.
 */
import { setTimeout as delay } from "node:timers/promises";
import { ask, openStream } from "./connection";
import type { Connection } from "./connection";
import type { Gap } from "./format";
import { linesOf } from "./lines";
import { RESOURCES, slim } from "./objects";
import type { RawObject, Resource } from "./objects";
import type { Seen } from "./world";

export interface WatchSink {
  seen(seen: Seen): void;
  gap(gap: Gap): void;
}

export interface Watch {
  /** True while a watch is open: what happens in the cluster arrives. */
  connected(): boolean;
  /** Reads the first list. @throws when it cannot be read: an audit that starts blind is none. */
  start(): Promise<void>;
  /** Follows until the signal fires; never throws. */
  follow(signal: AbortSignal): Promise<void>;
}

interface ListBody {
  readonly metadata: { readonly resourceVersion: string; readonly continue?: string };
  readonly items: readonly RawObject[];
}
interface WatchWord {
  readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
  readonly object: RawObject & { readonly code?: number };
}

interface Position {
  version: string;
  known: Map<string, RawObject>;
  live: boolean;
  lastHeard: number;
  lost: boolean;
}

const PAUSE_MS = 100;
/** A watch that is reopened within this time is the ordinary end of its term. */
const WORTH_TELLING_MS = 500;
const LIST_TIMEOUT_MS = 15_000;
/**
 * The server ends each watch after this long, so that a connection that died silently is noticed; and 2 s before, it says
 * how far it has come, so that a quiet resource can go on at an API server that started a moment ago.
 */
const WATCH_SECONDS = 20;

const listAll = async (
  connection: Connection,
  path: string,
): Promise<{ version: string; items: RawObject[] }> => {
  const items: RawObject[] = [];
  let token: string | undefined;
  let version: string;
  do {
    const query = token === undefined ? "" : `&continue=${encodeURIComponent(token)}`;
    const { status, text } = await ask(connection, {
      method: "GET",
      path: `${path}?limit=500${query}`,
      timeoutMs: LIST_TIMEOUT_MS,
    });
    if (status !== 200) throw new Error(`listing ${path}: ${status} ${text.slice(0, 200)}`);
    const body = JSON.parse(text) as ListBody;
    items.push(...body.items.map(slim));
    version = body.metadata.resourceVersion;
    token = body.metadata.continue === "" ? undefined : body.metadata.continue;
  } while (token !== undefined);
  return { version, items };
};

interface Feed {
  readonly connection: Connection;
  readonly resource: Resource;
  readonly sink: WatchSink;
  readonly position: Position;
}

const tell = ({ resource, sink }: Feed, raw: RawObject, change: Seen["change"]): void =>
  sink.seen({ at: Date.now(), resource, change, raw, initial: false });

/** @returns how many objects were gone that nobody saw going. */
const relist = async (feed: Feed): Promise<number> => {
  const { position, connection, resource } = feed;
  const { version, items } = await listAll(connection, RESOURCES[resource]);
  const fresh = new Map(items.map(raw => [raw.metadata.uid, raw]));
  const gone = [...position.known.values()].filter(raw => !fresh.has(raw.metadata.uid));
  gone.forEach(raw => tell(feed, raw, "gone"));
  items
    .filter(
      raw => position.known.get(raw.metadata.uid)?.metadata.resourceVersion !== raw.metadata.resourceVersion,
    )
    .forEach(raw => tell(feed, raw, "set"));
  Object.assign(position, { version, known: fresh });
  return gone.length;
};

const takeWord = (feed: Feed, word: WatchWord): void => {
  const { position } = feed;
  const { type } = word;
  if (type === "ERROR") {
    position.lost = true;
    return;
  }
  const object = slim(word.object);
  position.version = object.metadata.resourceVersion;
  if (type === "BOOKMARK") return;
  if (type === "DELETED") position.known.delete(object.metadata.uid);
  else position.known.set(object.metadata.uid, object);
  tell(feed, object, type === "DELETED" ? "gone" : "set");
};

const reopened = async (feed: Feed): Promise<void> => {
  const { position, sink, resource } = feed;
  const wasLost = position.lost;
  const vanished = wasLost ? await relist(feed) : 0;
  const tookMs = Date.now() - position.lastHeard;
  if (wasLost || tookMs > WORTH_TELLING_MS) {
    sink.gap({ kind: wasLost ? "blind" : "late", resource, at: position.lastHeard, tookMs, vanished });
  }
  position.lost = false;
  position.live = true;
};

const watchOnce = async (feed: Feed, signal: AbortSignal): Promise<void> => {
  const { position, connection, resource } = feed;
  if (position.lost) await reopened(feed);
  const query = `watch=1&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${position.version}`;
  const path = `${RESOURCES[resource]}?${query}`;
  const response = await openStream(connection, { method: "GET", path, timeoutMs: 0, signal });
  if (response.statusCode === 410) position.lost = true;
  if (response.statusCode !== 200) {
    response.resume();
    return;
  }
  if (!position.live) await reopened(feed);
  for await (const line of linesOf(response)) {
    takeWord(feed, JSON.parse(line) as WatchWord);
    if (position.lost) break;
  }
  response.destroy();
};

const followOn = async (feed: Feed, signal: AbortSignal): Promise<void> => {
  const { position } = feed;
  while (!signal.aborted) {
    await watchOnce(feed, signal).catch(() => undefined);
    if (position.live) position.lastHeard = Date.now();
    position.live = false;
    await delay(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
};

export const openWatch = (connection: Connection, resource: Resource, sink: WatchSink): Watch => {
  const position: Position = {
    version: "",
    known: new Map(),
    live: false,
    lastHeard: Date.now(),
    lost: false,
  };
  const feed = { connection, resource, sink, position };
  return {
    connected: () => position.live,
    async start() {
      const { version, items } = await listAll(connection, RESOURCES[resource]);
      Object.assign(position, {
        version,
        known: new Map(items.map(raw => [raw.metadata.uid, raw])),
        lastHeard: Date.now(),
      });
      items.forEach(raw => sink.seen({ at: Date.now(), resource, change: "set", raw, initial: true }));
    },
    follow: signal => followOn(feed, signal),
  };
};

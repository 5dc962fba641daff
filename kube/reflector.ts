import { pause, startBackoff, type Backoff, type BackoffRange } from "./backoff";
import type { KubeClient, KubeQuery, WatchEvent } from "./client";
import { errorOfStatusEvent, isKubeError, KubeError } from "./kubeError";
import { listProjected } from "./list";
import { openStore, type Change, type Identified, type IndexKeys, type Store } from "./store";

export interface ReflectorSpec<T> {
  readonly path: string;
  /** Label or field selectors; the same for list and watch. */
  readonly query?: KubeQuery;
  readonly project: (raw: unknown) => T;
  readonly signal: AbortSignal;
  readonly indexes?: Readonly<Record<string, IndexKeys<T>>>;
  /** Told of each failed list or watch; the reflector goes on by itself. */
  readonly onError?: (error: KubeError) => void;
  readonly backoff?: BackoffRange;
  /** Seconds after which the server ends a watch; up to a tenth more, so that not all end at once. */
  readonly watchSeconds?: number;
  /** Silence after which all is listed anew; bookmarks come each minute. */
  readonly idleMs?: number;
}

export interface Reflector<T> {
  /** Fulfilled after the first complete list; rejected when the signal fires before it. */
  readonly synced: Promise<void>;
  snapshot(): ReadonlyMap<string, T>;
  find(name: string, namespace?: string): T | undefined;
  by(index: string, key: string): readonly T[];
  /** Calls back for each change, in order. Returns the way to stop listening. */
  onChange(listener: (change: Change<T>) => void): () => void;
  /** Milliseconds since the server last said anything: a list, an event, a bookmark or an orderly end. */
  stale(): number;
  /** Why the cache is not being fed at present. */
  problem(): KubeError | undefined;
}

const BACKOFF = { minMs: 200, maxMs: 10_000 };
const WATCH_SECONDS = 290;
const IDLE_MS = 90_000;
/** A watch that ends sooner than this without a word counts as a failure, or a broken proxy would be polled. */
const SHORT_LIFE_MS = 1_000;

interface Feed<T extends Identified> {
  readonly kube: KubeClient;
  readonly spec: ReflectorSpec<T>;
  readonly store: Store<T>;
  readonly backoff: Backoff;
  readonly emit: (changes: readonly Change<T>[]) => void;
  /** Where the next watch goes on; undefined asks for a list. */
  resourceVersion: string | undefined;
  heardAt: number;
  error: KubeError | undefined;
}

const heard = <T extends Identified>(feed: Feed<T>): void => {
  feed.heardAt = performance.now();
  feed.error = undefined;
};

const relist = async <T extends Identified>(feed: Feed<T>): Promise<void> => {
  const { path, query, project, signal } = feed.spec;
  const listing = await listProjected(feed.kube, { path, query, project, signal });
  feed.resourceVersion = listing.resourceVersion;
  heard(feed);
  feed.emit(feed.store.replace(listing.items));
};

const versionOf = (raw: unknown): string | undefined =>
  (raw as { metadata?: { resourceVersion?: string } }).metadata?.resourceVersion;

const takeIn = <T extends Identified>(feed: Feed<T>, event: WatchEvent): void => {
  if (event.type === "ERROR") throw errorOfStatusEvent(`WATCH ${feed.spec.path}`, event.object);
  heard(feed);
  feed.backoff.reset();
  if (event.type !== "BOOKMARK") {
    const object = feed.spec.project(event.object);
    feed.emit(event.type === "DELETED" ? feed.store.drop(object) : feed.store.set(object));
  }
  feed.resourceVersion = versionOf(event.object) ?? feed.resourceVersion;
};

const idleMsOf = <T extends Identified>({ spec }: Feed<T>): number => spec.idleMs ?? IDLE_MS;

const follow = async <T extends Identified>(feed: Feed<T>): Promise<void> => {
  const { spec } = feed;
  const seconds = spec.watchSeconds ?? WATCH_SECONDS;
  const start = performance.now();
  const events = feed.kube.watch({
    path: spec.path,
    query: {
      ...spec.query,
      resourceVersion: feed.resourceVersion,
      allowWatchBookmarks: true,
      timeoutSeconds: Math.ceil(seconds * (1 + Math.random() / 10)),
    },
    signal: spec.signal,
    idleMs: idleMsOf(feed),
  });
  let count = 0;
  for await (const event of events) {
    takeIn(feed, event);
    count++;
  }
  if (count === 0 && performance.now() - start < SHORT_LIFE_MS) {
    throw new KubeError({ kind: "unreachable", message: `WATCH ${spec.path}: ended at once` });
  }
  heard(feed);
};

const asKubeError = (path: string, error: unknown): KubeError =>
  isKubeError(error)
    ? error
    : new KubeError({ kind: "invalid", message: `${path}: ${String(error)}`, cause: error });

/** The server forgot the version, or never knew it (a restored etcd, an apiserver whose cache lags behind). */
const needsList = (error: KubeError): boolean =>
  error.kind === "expired" ||
  error.kind === "invalid" ||
  error.causes.some(cause => cause.reason === "ResourceVersionTooLarge");

/**
 * The line was open and nothing came, not even a bookmark: a dead connection, or a server that sends none. Only a list
 * tells which, and is a word from it.
 */
const wasSilent = <T extends Identified>(feed: Feed<T>, error: KubeError): boolean =>
  error.kind === "timeout" && performance.now() - feed.heardAt >= idleMsOf(feed);

const recover = async <T extends Identified>(feed: Feed<T>, error: KubeError): Promise<void> => {
  const { signal, onError } = feed.spec;
  if (signal.aborted) return;
  if (needsList(error) || wasSilent(feed, error)) feed.resourceVersion = undefined;
  feed.error = error;
  onError?.(error);
  const asked = (error.retryAfterSeconds ?? 0) * 1000;
  await pause(Math.max(feed.backoff.next(), Math.min(asked, BACKOFF.maxMs)), signal);
};

const run = async <T extends Identified>(feed: Feed<T>, onSynced: () => void): Promise<void> => {
  while (!feed.spec.signal.aborted) {
    try {
      if (feed.resourceVersion === undefined) {
        await relist(feed);
        onSynced();
      }
      await follow(feed);
    } catch (error) {
      await recover(feed, asKubeError(feed.spec.path, error));
    }
  }
};

const openFeed = <T extends Identified>(
  kube: KubeClient,
  spec: ReflectorSpec<T>,
  emit: Feed<T>["emit"],
): Feed<T> => ({
  kube,
  spec,
  emit,
  store: openStore(spec.indexes),
  backoff: startBackoff(spec.backoff ?? BACKOFF),
  resourceVersion: undefined,
  heardAt: performance.now(),
  error: undefined,
});

interface FirstList {
  readonly done: Promise<void>;
  readonly markDone: () => void;
}

const openFirstList = (signal: AbortSignal): FirstList => {
  let markDone = (): void => undefined;
  const done = new Promise<void>((resolve, reject) => {
    markDone = resolve;
    const stop = (): void =>
      reject(new KubeError({ kind: "aborted", message: "stopped before the first list" }));
    signal.addEventListener("abort", stop, { once: true });
    if (signal.aborted) stop();
  });
  // Nobody has to wait for it: an unheard rejection must not end the process.
  done.catch(() => undefined);
  return { done, markDone };
};

type Listener<T> = (change: Change<T>) => void;

/** A listener that throws is a bug: it surfaces as one, but neither its neighbours nor the cache miss a change. */
const tell = <T>(listener: Listener<T>, change: Change<T>): void => {
  try {
    listener(change);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
};

/** A cache of one collection that heals itself until the signal fires. Restarts never lose or repeat a change. */
export const startReflector = <T extends Identified>(
  kube: KubeClient,
  spec: ReflectorSpec<T>,
): Reflector<T> => {
  const listeners = new Set<Listener<T>>();
  const feed = openFeed(kube, spec, changes => {
    for (const change of changes) for (const listener of [...listeners]) tell(listener, change);
  });
  const first = openFirstList(spec.signal);
  void run(feed, first.markDone);
  return {
    synced: first.done,
    snapshot: () => feed.store.byUid,
    find: (name, namespace) => feed.store.byName(name, namespace),
    by: (index, key) => feed.store.by(index, key),
    onChange: listener => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stale: () => performance.now() - feed.heardAt,
    problem: () => feed.error,
  };
};

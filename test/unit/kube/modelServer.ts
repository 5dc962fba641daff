import type { KubeCall, KubeClient, WatchCall, WatchEvent } from "../../../kube/client";
import { KubeError } from "../../../kube/kubeError";

interface Stored {
  readonly metadata: {
    readonly uid: string;
    readonly name: string;
    readonly namespace: string;
    readonly resourceVersion: string;
  };
  readonly value: number;
}

interface LogEntry {
  readonly version: number;
  readonly event: WatchEvent;
}

/** A collection with history: lists in pages, watches from a version, forgets, and cuts lines when told. */
export interface ModelServer {
  readonly kube: KubeClient;
  readonly calls: string[];
  put(name: string, value: number): void;
  remove(name: string): void;
  /** Cuts every open watch: the client sees a broken line. */
  cut(): void;
  /** Ends every open watch in order, as the server does after timeoutSeconds. */
  end(): void;
  /** Open watches end as they do when nothing came for too long. */
  silence(): void;
  /** Forgets history: a watch from an older version gets 410, as an event when it is already open. */
  compact(): void;
  bookmark(): void;
  /** The next lists and watches fail with this. */
  failNext(error: KubeError): void;
  /** Every page after the first of the next list is answered 410. */
  expireNextPage(): void;
  openWatches(): number;
  truth(): ReadonlyMap<string, number>;
}

interface Stream {
  position: number;
  ending: KubeError | "end" | undefined;
  bookmarks: number;
  wake: () => void;
}

const PAGE = 2;

export const startModelServer = (): ModelServer => {
  const objects = new Map<string, Stored>();
  const log: LogEntry[] = [];
  const streams = new Set<Stream>();
  const calls: string[] = [];
  const failures: KubeError[] = [];
  let version = 1;
  let oldest = 0;
  let expirePage = false;

  const wakeAll = (): void => streams.forEach(stream => stream.wake());
  const record = (type: "ADDED" | "MODIFIED" | "DELETED", object: Stored): void => {
    log.push({ version, event: { type, object } });
    wakeAll();
  };
  const put = (name: string, value: number): void => {
    const old = objects.get(name);
    version++;
    const uid = old?.metadata.uid ?? `u${String(version)}`;
    const object = { metadata: { uid, name, namespace: "a", resourceVersion: String(version) }, value };
    objects.set(name, object);
    record(old === undefined ? "ADDED" : "MODIFIED", object);
  };
  const remove = (name: string): void => {
    const old = objects.get(name);
    if (old === undefined) return;
    version++;
    objects.delete(name);
    record("DELETED", { ...old, metadata: { ...old.metadata, resourceVersion: String(version) } });
  };

  /** What is left of a list by its continue token: of the moment of its first page, whatever was written since. */
  const snapshots = new Map<string, { readonly items: readonly Stored[]; readonly version: number }>();
  const pageAt = (token: string): unknown => {
    const { items, ...rest } = snapshots.get(token) ?? { items: [...objects.values()], version };
    const next = items.length > PAGE ? `${String(rest.version)}-${String(calls.length)}` : undefined;
    if (next !== undefined) snapshots.set(next, { ...rest, items: items.slice(PAGE) });
    return {
      metadata: { resourceVersion: String(rest.version), continue: next },
      items: items.slice(0, PAGE),
    };
  };
  const list = (call: KubeCall): unknown => {
    const token = call.query?.["continue"];
    calls.push(token === undefined ? "list" : "page");
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    if (token !== undefined && expirePage) {
      expirePage = false;
      throw new KubeError({ kind: "expired", message: "the continue token is too old", status: 410 });
    }
    return pageAt(String(token));
  };

  /** Never beyond what this stream was sent: a line that was cut has not heard of the newest. */
  const bookmarkOf = (stream: Stream): WatchEvent => {
    if (stream.ending === undefined) stream.position = Math.max(stream.position, version);
    return { type: "BOOKMARK", object: { metadata: { resourceVersion: String(stream.position) } } };
  };
  /** The next word of a stream: what happened, then a bookmark, then its end. Throws when its line is cut. */
  const nextOf = (stream: Stream): WatchEvent | "end" | "wait" => {
    if (stream.position < oldest) {
      stream.position = Infinity;
      stream.ending ??= "end";
      return { type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } };
    }
    const entry =
      stream.ending === undefined ? log.find(({ version: at }) => at > stream.position) : undefined;
    if (entry !== undefined) {
      stream.position = entry.version;
      return entry.event;
    }
    if (stream.bookmarks > 0) {
      stream.bookmarks--;
      return bookmarkOf(stream);
    }
    if (stream.ending instanceof KubeError) throw stream.ending;
    return stream.ending ?? "wait";
  };

  async function* watch(call: WatchCall): AsyncGenerator<WatchEvent> {
    calls.push("watch");
    const failure = failures.shift();
    if (failure !== undefined) throw failure;
    const stream: Stream = {
      position: Number(call.query?.["resourceVersion"]),
      ending: undefined,
      bookmarks: 0,
      wake: () => undefined,
    };
    streams.add(stream);
    const abort = (): void => {
      stream.ending ??= new KubeError({ kind: "aborted", message: "aborted" });
      stream.wake();
    };
    call.signal.addEventListener("abort", abort, { once: true });
    try {
      for (;;) {
        const next = nextOf(stream);
        if (next === "end") return;
        if (next === "wait") await new Promise<void>(resolve => (stream.wake = resolve));
        else yield next;
      }
    } finally {
      call.signal.removeEventListener("abort", abort);
      streams.delete(stream);
    }
  }

  const finish = (ending: KubeError | "end"): void => {
    for (const stream of streams) stream.ending = ending;
    wakeAll();
  };
  const kube: KubeClient = {
    server: "model",
    request: <T>(call: KubeCall) => Promise.resolve().then(() => list(call) as T),
    watch,
    close: () => Promise.resolve(),
  };
  return {
    kube,
    calls,
    put,
    remove,
    cut: () => finish(new KubeError({ kind: "unreachable", message: "cut" })),
    end: () => finish("end"),
    silence: () => finish(new KubeError({ kind: "timeout", message: "nothing came" })),
    compact: () => {
      oldest = version;
      wakeAll();
    },
    bookmark: () => {
      for (const stream of streams) stream.bookmarks++;
      wakeAll();
    },
    failNext: error => failures.push(error),
    expireNextPage: () => (expirePage = true),
    openWatches: () => streams.size,
    truth: () => new Map([...objects].map(([name, object]) => [name, object.value])),
  };
};

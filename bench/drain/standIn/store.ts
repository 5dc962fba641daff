/** Objects as text, by collection path and name, with what an API server's watch cache does for them. */
export interface ApiObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly [field: string]: unknown;
  };
  readonly [field: string]: unknown;
}

type Listener = (line: string) => void;

export interface Page {
  readonly items: readonly string[];
  readonly resourceVersion: string;
  /** Where the next page begins; absent = this was the last one. */
  readonly next?: string;
}

export interface ApiStore {
  readonly put: (collection: string, object: ApiObject) => string;
  readonly remove: (collection: string, key: string) => void;
  readonly get: (collection: string, key: string) => string | undefined;
  readonly list: (collection: string, limit: number, from: number) => Page;
  /** The newest. */
  readonly version: () => string;
  /** Replays what came after `since`. @returns the way to stop. */
  readonly watch: (collection: string, since: number, listener: Listener) => () => void;
}

/** What a watch that begins between a list and now may still ask for. */
const REMEMBERED = 2_000;

interface Shelf {
  readonly objects: Map<string, string>;
  readonly listeners: Set<Listener>;
  readonly past: { readonly version: number; readonly line: string }[];
  /** The newest version that is no longer remembered. */
  forgotten: number;
}

export const keyOf = ({ namespace, name }: { readonly namespace?: string; readonly name: string }): string =>
  namespace === undefined ? name : `${namespace}/${name}`;

const tell = (shelf: Shelf, version: number, line: string): void => {
  shelf.past.push({ version, line });
  if (shelf.past.length > REMEMBERED)
    shelf.forgotten = shelf.past.splice(0, REMEMBERED / 2).at(-1)?.version ?? shelf.forgotten;
  for (const listener of shelf.listeners) listener(line);
};

const pageOf = (objects: Iterable<string>, limit: number, from: number): Omit<Page, "resourceVersion"> => {
  const all = [...objects];
  const end = from + limit;
  return { items: all.slice(from, end), ...(end < all.length ? { next: String(end) } : {}) };
};

const shelfIn = (shelves: Map<string, Shelf>, collection: string): Shelf => {
  const found = shelves.get(collection) ?? {
    objects: new Map(),
    listeners: new Set(),
    past: [],
    forgotten: 0,
  };
  shelves.set(collection, found);
  return found;
};

const store = (shelf: Shelf, object: ApiObject, version: number): string => {
  const key = keyOf(object.metadata);
  const type = shelf.objects.has(key) ? "MODIFIED" : "ADDED";
  const metadata = { ...object.metadata, resourceVersion: String(version) };
  const text = JSON.stringify({ ...object, metadata });
  shelf.objects.set(key, text);
  tell(shelf, version, `{"type":"${type}","object":${text}}\n`);
  return text;
};

const TOO_OLD = `${JSON.stringify({ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } })}\n`;

const follow = (shelf: Shelf, since: number, listener: Listener): (() => void) => {
  if (since < shelf.forgotten) {
    listener(TOO_OLD);
    return () => undefined;
  }
  shelf.past.filter(event => event.version > since).forEach(({ line }) => listener(line));
  shelf.listeners.add(listener);
  return () => void shelf.listeners.delete(listener);
};

export const openStore = (): ApiStore => {
  const shelves = new Map<string, Shelf>();
  let version = 1;
  return {
    put: (collection, object) => store(shelfIn(shelves, collection), object, ++version),
    remove: (collection, key) => {
      const shelf = shelfIn(shelves, collection);
      const text = shelf.objects.get(key);
      shelf.objects.delete(key);
      if (text !== undefined) tell(shelf, ++version, `{"type":"DELETED","object":${text}}\n`);
    },
    get: (collection, key) => shelfIn(shelves, collection).objects.get(key),
    list: (collection, limit, from) => ({
      ...pageOf(shelfIn(shelves, collection).objects.values(), limit, from),
      resourceVersion: String(version),
    }),
    version: () => String(version),
    watch: (collection, since, listener) => follow(shelfIn(shelves, collection), since, listener),
  };
};

import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type ApiObject, type ApiStore, keyOf } from "./store";

/** What an eviction is answered with: its status code. */
export type Evict = (pod: {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}) => number;

export interface Served {
  readonly url: string;
  readonly close: () => void;
}

interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: unknown;
  readonly answer: ServerResponse;
}

interface Desk {
  readonly store: ApiStore;
  readonly evict: Evict;
}

/** Answers what is its own. @returns whether it was. */
type Route = (call: Call, desk: Desk) => boolean;

const OBJECT = /^(\/(?:api\/v1|apis\/[^/]+\/[^/]+))(\/namespaces\/([^/]+))?\/([a-z]+)\/([^/]+)$/;
const EVICTION = /^\/api\/v1\/namespaces\/([^/]+)\/pods\/([^/]+)\/eviction$/;
const LEAST_PAGE = 500;

const send = ({ answer }: Call, code: number, text: string): void => {
  answer.writeHead(code, { "content-type": "application/json" });
  answer.end(text);
};

const fail = (call: Call, code: number, reason: string): void =>
  send(call, code, JSON.stringify({ kind: "Status", status: "Failure", code, reason, message: reason }));

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  value !== null && typeof value === "object" && !Array.isArray(value);

/** A merge patch, as RFC 7386 has it. */
const merge = (target: unknown, patch: unknown): unknown => {
  if (!isFields(patch)) return patch;
  const old = isFields(target) ? target : {};
  const changed = Object.entries(patch).map(([field, value]) => [field, merge(old[field], value)] as const);
  const all = { ...old, ...Object.fromEntries(changed) };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
};

const sendList = (call: Call, store: ApiStore): void => {
  const limit = Number(call.query.get("limit") ?? LEAST_PAGE);
  const page = store.list(call.path, limit, Number(call.query.get("continue") ?? 0));
  const metadata = JSON.stringify({
    resourceVersion: page.resourceVersion,
    ...(page.next === undefined ? {} : { continue: page.next }),
  });
  send(call, 200, `{"metadata":${metadata},"items":[${page.items.join(",")}]}`);
};

/** As often as an API server. */
const BOOKMARK_MS = 60_000;

const bookmark = (resourceVersion: string): string =>
  `${JSON.stringify({ type: "BOOKMARK", object: { metadata: { resourceVersion } } })}\n`;

const sendWatch = ({ answer, path, query }: Call, store: ApiStore): void => {
  answer.writeHead(200, { "content-type": "application/json" });
  answer.flushHeaders();
  const since = Number(query.get("resourceVersion") ?? 0);
  const stop = store.watch(path, since, line => void answer.write(line));
  const marking = setInterval(() => answer.write(bookmark(store.version())), BOOKMARK_MS);
  answer.on("close", () => {
    clearInterval(marking);
    stop();
  });
};

interface Eviction {
  readonly deleteOptions?: { readonly preconditions?: { readonly uid?: string } };
}

const uidOf = (body: unknown): string => (body as Eviction).deleteOptions?.preconditions?.uid ?? "";

const REASONS: Readonly<Record<number, string>> = {
  404: "NotFound",
  409: "Conflict",
  429: "TooManyRequests",
};

const onEviction: Route = (call, { evict }) => {
  const [, namespace, name] = EVICTION.exec(call.path) ?? [];
  if (namespace === undefined || name === undefined) return false;
  const code = evict({ namespace, name, uid: uidOf(call.body) });
  if (code < 300) send(call, code, '{"kind":"Status","status":"Success"}');
  else fail(call, code, REASONS[code] ?? "InternalError");
  return true;
};

const NAMESPACE = /\/namespaces\/([^/]+)\//;

const born = ({ path, body }: Call): ApiObject => {
  const object = body as ApiObject;
  const [, namespace] = NAMESPACE.exec(path) ?? [];
  const uid = randomUUID();
  const metadata = { ...object.metadata, uid, ...(namespace === undefined ? {} : { namespace }) };
  return { ...object, metadata };
};

const create = (call: Call, store: ApiStore): void => {
  if (call.path.endsWith("accessreviews")) send(call, 201, '{"status":{"allowed":true}}');
  else if (call.path.endsWith("subjectreviews")) send(call, 201, "{}");
  else send(call, 201, store.put(call.path, born(call)));
};

const onCreate: Route = (call, { store }) => {
  if (call.method !== "POST") return false;
  create(call, store);
  return true;
};

const onVersion: Route = call => {
  if (call.path === "/version") send(call, 200, '{"major":"1","minor":"36","gitVersion":"v1.36.4"}');
  else if (/^\/apis\/[^/]+\/v1$/.test(call.path)) send(call, 200, "{}");
  else return false;
  return true;
};

/** Before objects: a collection of a namespace looks like an object of a cluster. */
const onCollection: Route = (call, { store }) => {
  if (call.query.get("watch") === "true") sendWatch(call, store);
  else if (call.query.has("limit")) sendList(call, store);
  else return false;
  return true;
};

const placeOf = (path: string): { readonly collection: string; readonly key: string } | undefined => {
  const [, root, scope = "", namespace, plural = "", name = ""] = OBJECT.exec(path) ?? [];
  if (root === undefined) return undefined;
  const key = keyOf(namespace === undefined ? { name } : { name, namespace });
  return { collection: `${root}${scope}/${plural}`, key };
};

const onObject: Route = (call, { store }) => {
  const place = placeOf(call.path);
  const found = place && store.get(place.collection, place.key);
  if (place === undefined || found === undefined) fail(call, 404, "NotFound");
  else if (call.method !== "PATCH") send(call, 200, found);
  else send(call, 200, store.put(place.collection, merge(JSON.parse(found), call.body) as ApiObject));
  return true;
};

/** In this order; the last one answers all. */
const ROUTES: readonly Route[] = [onEviction, onVersion, onCreate, onCollection, onObject];

const read = async (request: IncomingMessage): Promise<unknown> => {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text === "" ? undefined : JSON.parse(text);
};

/** As much of an API server as a drain asks for: lists in pages, watches, merge patches, evictions. Without TLS. */
export const serve = async (desk: Desk): Promise<Served> => {
  const server = createServer((request, answer) => {
    const { pathname: path, searchParams: query } = new URL(request.url ?? "/", "http://stand-in");
    const take = async (): Promise<void> => {
      const call = { method: request.method ?? "GET", path, query, body: await read(request), answer };
      ROUTES.some(route => route(call, desk));
    };
    take().catch(() => answer.destroy());
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>(resolve => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
};

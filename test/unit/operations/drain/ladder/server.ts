import type { KubeCall } from "../../../../../kube";
import { failed, type ScriptedApi, scriptApi } from "../../../../support/scriptedApi";

type Json = Readonly<Record<string, unknown>>;

export interface RawObject {
  readonly metadata: {
    readonly name: string;
    readonly namespace?: string;
    readonly uid: string;
    readonly resourceVersion?: string;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly labels?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly object[];
    readonly managedFields?: readonly object[];
    readonly creationTimestamp?: string;
    readonly generation?: number;
  };
  readonly spec?: Json;
  readonly status?: Json;
}

const isPlain = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** RFC 7386. */
const merge = (into: unknown, patch: Json): Json => {
  const before = isPlain(into) ? into : {};
  const kept = Object.entries(before).filter(([key]) => !(key in patch));
  const changed = Object.entries(patch)
    .filter(([, value]) => value !== null)
    .map(([key, value]) => [key, isPlain(value) ? merge(before[key], value) : value] as const);
  return Object.fromEntries([...kept, ...changed]);
};

export interface Server extends ScriptedApi {
  readonly get: (path: string) => RawObject | undefined;
  /** Somebody else's write. */
  readonly put: (path: string, object: RawObject) => void;
  readonly bodies: (method: string, end: string) => readonly unknown[];
}

const path = (collection: string, { metadata }: RawObject): string =>
  metadata.namespace === undefined
    ? `${collection}/${metadata.name}`
    : collection.replace(/\/([a-z]+)$/, `/namespaces/${metadata.namespace}/$1/${metadata.name}`);

/** An API server that holds objects by collection (`/apis/apps/v1/deployments`), and keeps preconditions. */
export const serve = (
  collections: Readonly<Record<string, readonly RawObject[]>>,
  interrupt: (call: KubeCall) => Error | undefined = () => undefined,
): Server => {
  const held = new Map<string, RawObject>();
  let version = 100;
  const put = (at: string, object: RawObject): void => {
    version += 1;
    held.set(at, { ...object, metadata: { ...object.metadata, resourceVersion: String(version) } });
  };
  for (const [collection, objects] of Object.entries(collections))
    for (const object of objects) put(path(collection, object), object);

  const list = (at: string): unknown => {
    const [, group = "", namespace, plural = ""] =
      /^(.*?)(?:\/namespaces\/([^/]+))?\/([a-z]+)$/.exec(at) ?? [];
    const kept = `${group}/${plural}`;
    if (collections[kept] === undefined) return failed(404, { reason: "NotFound" });
    const items = [...held].filter(
      ([key, { metadata }]) =>
        key === path(kept, { metadata }) && (namespace === undefined || metadata.namespace === namespace),
    );
    return { metadata: { resourceVersion: String(version) }, items: items.map(([, item]) => item) };
  };
  const isStale = (object: RawObject, wish: { uid?: string; resourceVersion?: string } = {}): boolean =>
    (wish.uid ?? object.metadata.uid) !== object.metadata.uid ||
    (wish.resourceVersion ?? object.metadata.resourceVersion) !== object.metadata.resourceVersion;
  const patch = (at: string, object: RawObject, body: RawObject): unknown => {
    if (isStale(object, body.metadata)) return failed(409, { reason: "Conflict" });
    const { uid: _, resourceVersion: __, ...metadata } = body.metadata;
    put(at, merge(object, { ...(body as unknown as Json), metadata }) as unknown as RawObject);
    return held.get(at);
  };
  const remove = (at: string, object: RawObject, body: { preconditions?: object } = {}): unknown => {
    if (isStale(object, body.preconditions)) return failed(409, { reason: "Conflict" });
    held.delete(at);
    return object;
  };
  const api = scriptApi(call => {
    const stopped = interrupt(call);
    if (stopped !== undefined) return stopped;
    if (call.method === "POST") return call.body;
    const object = held.get(call.path);
    if (object === undefined) return call.method === "GET" ? list(call.path) : undefined;
    if (call.method === "PATCH") return patch(call.path, object, call.body as RawObject);
    return call.method === "DELETE" ? remove(call.path, object, call.body as object) : object;
  });
  const bodies = (method: string, end: string): readonly unknown[] =>
    api.calls.filter(call => call.method === method && call.path.endsWith(end)).map(({ body }) => body);
  return { ...api, get: at => held.get(at), put, bodies };
};

export const DEPLOYMENTS = "/apis/apps/v1/deployments";
export const PODS = "/api/v1/pods";
export const NODES = "/api/v1/nodes";
export const HPAS = "/apis/autoscaling/v2/horizontalpodautoscalers";
export const KEDA = "/apis/keda.sh/v1alpha1/scaledobjects";
export const CLAIMS = "/api/v1/persistentvolumeclaims";

export const WEB = "/apis/apps/v1/namespaces/shop/deployments/web";

/** All its pods new and available. */
export const deployment = (
  replicas: number,
  marks: Pick<RawObject["metadata"], "annotations" | "labels"> = {},
): RawObject => ({
  metadata: { name: "web", namespace: "shop", uid: "deploy-web", annotations: {}, ...marks, generation: 1 },
  spec: {
    replicas,
    selector: { matchLabels: { app: "web" } },
    strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 2 } },
  },
  status: {
    ...{ observedGeneration: 1, replicas, updatedReplicas: replicas },
    ...{ readyReplicas: replicas, availableReplicas: replicas },
  },
});

export const rawPod = (
  name: string,
  { ready = true, grace = 30, node = "blue-0", annotations = {} } = {},
): RawObject => ({
  metadata: { name, namespace: "shop", uid: `uid-${name}`, labels: { app: "web" }, annotations },
  spec: { nodeName: node, terminationGracePeriodSeconds: grace },
  status: { phase: "Running", conditions: [{ type: "Ready", status: ready ? "True" : "False" }] },
});

export const podAt = (name: string): string => `/api/v1/namespaces/shop/pods/${name}`;

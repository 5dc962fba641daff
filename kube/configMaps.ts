import type { KubeClient } from "./client";
import { retrySwap, type SwapOptions } from "./compareAndSwap";
import { isKubeError } from "./kubeError";
import { collectionPath, configMapPath, KINDS, type ObjectRef } from "./paths";

export type ConfigMapData = Readonly<Record<string, string>>;

export interface ConfigMapRecord {
  readonly data: ConfigMapData;
  readonly resourceVersion: string;
}

interface RawConfigMap {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly data?: ConfigMapData;
}

interface Stop {
  readonly signal?: AbortSignal | undefined;
}

const recordOf = (raw: RawConfigMap): ConfigMapRecord => ({
  data: raw.data ?? {},
  resourceVersion: raw.metadata?.resourceVersion ?? "",
});

export const readConfigMap = async (
  kube: KubeClient,
  ref: ObjectRef,
  { signal }: Stop = {},
): Promise<ConfigMapRecord | undefined> => {
  try {
    return recordOf(await kube.request<RawConfigMap>({ method: "GET", path: configMapPath(ref), signal }));
  } catch (error) {
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};

export interface ConfigMapWrite extends ObjectRef, Stop {
  readonly data: ConfigMapData;
  /** The version this write replaces; absent when the ConfigMap must not be there yet. */
  readonly resourceVersion: string | undefined;
}

/** One compare-and-swap. Labels and annotations that others set stay. A lost race is a `conflict` or `alreadyExists`. */
export const writeConfigMap = async (kube: KubeClient, write: ConfigMapWrite): Promise<ConfigMapRecord> => {
  const { namespace, name, data, resourceVersion, signal } = write;
  if (resourceVersion === undefined) {
    const path = collectionPath(KINDS.configMaps, namespace);
    const body = { apiVersion: "v1", kind: "ConfigMap", metadata: { name }, data };
    return recordOf(await kube.request<RawConfigMap>({ method: "POST", path, body, signal }));
  }
  // Replacing the version with itself is how a patch says "only if it is still this one".
  const body = [
    { op: "replace", path: "/metadata/resourceVersion", value: resourceVersion },
    { op: "add", path: "/data", value: data },
  ];
  const path = configMapPath(write);
  return recordOf(await kube.request<RawConfigMap>({ method: "PATCH", patch: "json", path, body, signal }));
};

const sameData = (a: ConfigMapData, b: ConfigMapData): boolean => {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every(name => a[name] === b[name]);
};

/**
 * Reads, lets `update` decide, writes; again when another writer was faster or the answer was lost. `update` may run
 * several times, each time on the newest data, and must give the same wish for the same data. Made when missing.
 */
export const updateConfigMap = (
  kube: KubeClient,
  ref: ObjectRef,
  ...[update, options = {}]: readonly [(data: ConfigMapData) => ConfigMapData, SwapOptions?]
): Promise<ConfigMapRecord> => {
  const { signal } = options;
  return retrySwap(async () => {
    const now = await readConfigMap(kube, ref, { signal });
    const data = update(now?.data ?? {});
    if (now !== undefined && sameData(now.data, data)) return now;
    return writeConfigMap(kube, { ...ref, data, resourceVersion: now?.resourceVersion, signal });
  }, options);
};

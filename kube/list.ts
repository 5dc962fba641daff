import type { KubeClient, KubeQuery } from "./client";
import { isKubeError } from "./kubeError";

interface RawList {
  readonly metadata?: { readonly resourceVersion?: string; readonly continue?: string };
  readonly items?: readonly unknown[] | null;
}

export interface Listing<T> {
  readonly items: readonly T[];
  /** Where a watch goes on. */
  readonly resourceVersion: string;
}

export interface ListCall<T> {
  readonly path: string;
  readonly query?: KubeQuery | undefined;
  /** Applied page by page, so that raw objects of one page only are held at a time. */
  readonly project: (raw: unknown) => T;
  readonly signal?: AbortSignal | undefined;
  readonly timeoutMs?: number;
}

const PAGE = 500;
/** A big page of a busy server takes longer than a common call. */
const PAGE_TIMEOUT_MS = 30_000;
const MAX_STARTS = 3;

const readPage = <T>(kube: KubeClient, call: ListCall<T>, next: string | undefined): Promise<RawList> =>
  kube.request<RawList>({
    method: "GET",
    path: call.path,
    query: { limit: PAGE, ...call.query, continue: next },
    timeoutMs: call.timeoutMs ?? PAGE_TIMEOUT_MS,
    signal: call.signal,
  });

const listOnce = async <T>(kube: KubeClient, call: ListCall<T>): Promise<Listing<T>> => {
  const items: T[] = [];
  let next: string | undefined;
  for (;;) {
    const { metadata, items: raws } = await readPage(kube, call, next);
    for (const raw of raws ?? []) items.push(call.project(raw));
    next = metadata?.continue;
    if (!next) return { items, resourceVersion: metadata?.resourceVersion ?? "" };
  }
};

/** All objects of a collection, page by page. Starts again when the server forgot the page it was at (410). */
export const listProjected = async <T>(kube: KubeClient, call: ListCall<T>): Promise<Listing<T>> => {
  for (let start = 1; ; start++) {
    try {
      return await listOnce(kube, call);
    } catch (error) {
      if (!isKubeError(error, "expired") || start === MAX_STARTS) throw error;
    }
  }
};

/** What a list call may be narrowed and stopped by. */
export interface ListOptions {
  readonly query?: KubeQuery;
  readonly signal?: AbortSignal | undefined;
}

/** All objects as the server sends them. The caller names the type it expects. */
export const listAll = <T>(kube: KubeClient, path: string, options: ListOptions = {}): Promise<Listing<T>> =>
  listProjected(kube, { path, ...options, project: raw => raw as T });

export type KubeMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
export type PatchKind = "merge" | "json" | "strategic" | "apply";
export type KubeQuery = Readonly<Record<string, string | number | boolean | undefined>>;

export interface KubeCall {
  readonly method: KubeMethod;
  readonly path: string;
  readonly query?: KubeQuery;
  readonly body?: unknown;
  /** Media type of a PATCH body; "merge" when absent. */
  readonly patch?: PatchKind;
  /** Deadline of the whole call, retries included; 15 s when absent. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal | undefined;
  /** The caller states that sending this call twice does no harm. Default: true for GET, false for every write. */
  readonly repeatable?: boolean;
}

export interface WatchCall {
  readonly path: string;
  readonly query?: KubeQuery;
  readonly signal: AbortSignal;
  /** Silence after which the connection counts as dead. */
  readonly idleMs: number;
}

export type WatchEvent =
  | { readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK"; readonly object: unknown }
  | { readonly type: "ERROR"; readonly object: unknown };

/** One finished attempt, for reports and benchmarks. */
export interface CallRecord {
  readonly method: KubeMethod | "WATCH";
  readonly path: string;
  /** Absent when no answer came. */
  readonly status: number | undefined;
  readonly milliseconds: number;
  readonly bytes: number;
}

/**
 * The one way to an API server. Promises:
 * - every request ends by its deadline, with a value or a `KubeError`;
 * - a write is sent at most once (a refused token is no send), unless the caller says `repeatable`;
 * - a watch ends by itself, by its signal, or with a `KubeError`; it never goes silent for longer than `idleMs`.
 */
export interface KubeClient {
  request<T>(call: KubeCall): Promise<T>;
  watch(call: WatchCall): AsyncIterable<WatchEvent>;
  readonly server: string;
  close(): Promise<void>;
}

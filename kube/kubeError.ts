/** What went wrong, in one word that a caller can switch over. */
export type KubeErrorKind =
  | "unreachable"
  | "timeout"
  | "aborted"
  | "unauthorized"
  | "forbidden"
  | "notFound"
  | "conflict"
  | "alreadyExists"
  | "expired"
  | "invalid"
  | "tooManyRequests"
  | "server";

export interface KubeCause {
  readonly reason: string;
  readonly message: string;
}

export interface KubeErrorFacts {
  readonly kind: KubeErrorKind;
  readonly message: string;
  /** HTTP status; absent when no answer came. */
  readonly status?: number | undefined;
  /** The `reason` of the server's Status object; absent when a proxy or a plain-text page answered. */
  readonly reason?: string | undefined;
  readonly causes?: readonly KubeCause[];
  readonly retryAfterSeconds?: number | undefined;
  /** False only when it is certain that the server never saw the call. */
  readonly mayHaveApplied?: boolean;
  readonly cause?: unknown;
}

/** A call that did not succeed. Facts are plain fields, so that an outcome can be decided without text matching. */
export class KubeError extends Error {
  declare readonly kind: KubeErrorKind;
  declare readonly status: number | undefined;
  declare readonly reason: string | undefined;
  declare readonly causes: readonly KubeCause[];
  declare readonly retryAfterSeconds: number | undefined;
  declare readonly mayHaveApplied: boolean;

  constructor(facts: KubeErrorFacts) {
    super(facts.message, { cause: facts.cause });
    this.name = "KubeError";
    Object.assign(this, {
      kind: facts.kind,
      status: facts.status,
      reason: facts.reason,
      causes: facts.causes ?? [],
      retryAfterSeconds: facts.retryAfterSeconds,
      mayHaveApplied: facts.mayHaveApplied ?? false,
    });
  }
}

export const isKubeError = (error: unknown, ...kinds: readonly KubeErrorKind[]): error is KubeError =>
  error instanceof KubeError && (kinds.length === 0 || kinds.includes(error.kind));

interface RawStatus {
  readonly kind?: string;
  readonly message?: string;
  readonly reason?: string;
  readonly code?: number;
  readonly details?: {
    readonly causes?: readonly { readonly reason?: string; readonly message?: string }[];
    readonly retryAfterSeconds?: number;
  };
}

const KIND_OF_STATUS: Readonly<Record<number, KubeErrorKind>> = {
  401: "unauthorized",
  403: "forbidden",
  404: "notFound",
  409: "conflict",
  410: "expired",
  429: "tooManyRequests",
};

const kindOf = (status: number, reason: string | undefined): KubeErrorKind => {
  if (reason === "AlreadyExists") return "alreadyExists";
  return KIND_OF_STATUS[status] ?? (status >= 500 ? "server" : "invalid");
};

const readStatus = (text: string): RawStatus => {
  try {
    const parsed = JSON.parse(text) as RawStatus | null;
    return parsed?.kind === "Status" ? parsed : {};
  } catch {
    return {};
  }
};

/** Seconds of a Retry-After header: a number of seconds or an HTTP date. */
export const parseRetryAfter = (header: string | undefined, now: number): number | undefined => {
  const text = header?.trim();
  if (text === undefined || text === "") return undefined;
  if (/^\d+$/.test(text)) return Number(text);
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, Math.ceil((date - now) / 1000));
};

export interface FailedAnswer {
  readonly call: string;
  readonly status: number;
  readonly body: string;
  readonly retryAfter?: string | undefined;
}

/** The error of an answer outside 2xx. 5xx answers to a write are no proof that nothing was written. */
export const errorOfAnswer = (answer: FailedAnswer): KubeError => {
  const status = readStatus(answer.body);
  const text = status.message ?? answer.body.slice(0, 300).trim();
  const causes = (status.details?.causes ?? []).map(cause => ({
    reason: cause.reason ?? "",
    message: cause.message ?? "",
  }));
  const header = parseRetryAfter(answer.retryAfter, Date.now());
  return new KubeError({
    kind: kindOf(answer.status, status.reason),
    message: `${answer.call}: ${String(answer.status)} ${text}`.trimEnd(),
    status: answer.status,
    reason: status.reason,
    causes,
    retryAfterSeconds: header ?? (status.details?.retryAfterSeconds || undefined),
    mayHaveApplied: answer.status >= 500,
  });
};

/** The error of a Status object that a watch delivers as its last event. */
export const errorOfStatusEvent = (call: string, object: unknown): KubeError => {
  const code = (object as RawStatus | undefined)?.code ?? 500;
  const reason = (object as RawStatus | undefined)?.reason;
  const error = errorOfAnswer({ call, status: code, body: JSON.stringify(object) });
  if (reason !== "Expired" && reason !== "Gone") return error;
  return new KubeError({ kind: "expired", message: error.message, status: code, reason });
};

const NEVER_SENT: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_HAS_EXPIRED",
]);

const TIMEOUTS: ReadonlySet<string> = new Set([
  "UND_ERR_CONNECT_TIMEOUT",
  "UND_ERR_HEADERS_TIMEOUT",
  "UND_ERR_BODY_TIMEOUT",
  "ETIMEDOUT",
]);

interface NetworkFault {
  readonly code?: string;
  readonly message?: string;
  readonly errors?: readonly NetworkFault[];
  readonly cause?: NetworkFault;
}

const codesOf = (fault: NetworkFault | undefined): readonly (string | undefined)[] =>
  fault === undefined
    ? []
    : [...(fault.errors ?? []).map(error => error.code), fault.code, ...codesOf(fault.cause)];

const firstCode = (fault: unknown): string | undefined =>
  codesOf(fault as NetworkFault).find(code => code !== undefined);

const kindOfCode = (code: string | undefined): KubeErrorKind =>
  code !== undefined && TIMEOUTS.has(code) ? "timeout" : "unreachable";

/** The error of a call that got no complete answer. */
export const errorOfNetwork = (call: string, fault: unknown): KubeError => {
  const code = firstCode(fault);
  const text = fault instanceof Error ? fault.message : String(fault);
  return new KubeError({
    kind: kindOfCode(code),
    message: `${call}: no answer (${[code, text].filter(Boolean).join(" ")})`,
    mayHaveApplied: code === undefined || !NEVER_SENT.has(code),
    cause: fault,
  });
};

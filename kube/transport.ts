import type { Dispatcher } from "undici";
import { pause, startBackoff, type Backoff } from "./backoff";
import type { CallRecord, KubeCall, KubeClient, PatchKind } from "./client";
import { openConnection, type Connection, type Session } from "./connection";
import { openAccess } from "./kubeconfig";
import type { KubeSource } from "./kubeconfigFile";
import { errorOfAnswer, errorOfNetwork, KubeError } from "./kubeError";
import { urlOf } from "./paths";
import { streamWatch } from "./watch";

export interface KubeOptions {
  /** Called once for each finished attempt. */
  readonly observe?: (record: CallRecord) => void;
}

export interface Wire {
  readonly connection: Connection;
  readonly server: string;
  readonly observe: (record: CallRecord) => void;
}

const DEFAULT_TIMEOUT_MS = 15_000;
const RETRY_RANGE = { minMs: 100, maxMs: 2_000 };

const PATCH_TYPE: Readonly<Record<PatchKind, string>> = {
  merge: "application/merge-patch+json",
  json: "application/json-patch+json",
  strategic: "application/strategic-merge-patch+json",
  apply: "application/apply-patch+yaml",
};

interface Attempt {
  readonly wire: Wire;
  readonly call: KubeCall;
  readonly body: string | undefined;
  readonly deadline: number;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly retryAfter: string | undefined;
  readonly isJson: boolean;
}

const nameOf = (call: KubeCall): string => `${call.method} ${call.path}`;

const contentType = (call: KubeCall): string =>
  call.method === "PATCH" ? PATCH_TYPE[call.patch ?? "merge"] : "application/json";

const headerText = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

const readAnswer = async (answer: Dispatcher.ResponseData): Promise<Answer> => ({
  status: answer.statusCode,
  text: await answer.body.text(),
  retryAfter: headerText(answer.headers["retry-after"]),
  isJson: headerText(answer.headers["content-type"])?.includes("json") === true,
});

const isRepeatable = (call: KubeCall): boolean => call.repeatable ?? call.method === "GET";

/** A repeatable call keeps half of its time for another connection, in case the peer of this one is gone. */
const attemptLimit = ({ call, deadline }: Attempt): number => {
  const left = Math.max(1, deadline - performance.now());
  return isRepeatable(call) ? Math.ceil(left / 2) : left;
};

const send = async (attempt: Attempt, session: Session): Promise<Answer> => {
  const { wire, call, body } = attempt;
  const limit = attemptLimit(attempt);
  const answer = await session.dispatcher.request({
    origin: new URL(wire.server).origin,
    path: urlOf(wire.server, call.path, call.query),
    method: call.method,
    headers: {
      accept: "application/json",
      "user-agent": "changeover",
      ...(body === undefined ? {} : { "content-type": contentType(call) }),
      ...session.headers,
    },
    body: body ?? null,
    headersTimeout: limit,
    bodyTimeout: limit,
    signal: attempt.signal,
  });
  return readAnswer(answer);
};

const timedOut = (call: KubeCall): KubeError =>
  new KubeError({
    kind: "timeout",
    message: `${nameOf(call)}: no answer within ${String(call.timeoutMs ?? DEFAULT_TIMEOUT_MS)} ms`,
    mayHaveApplied: true,
  });

const translate = (attempt: Attempt, error: unknown): KubeError => {
  if (error instanceof KubeError) return error;
  if (attempt.call.signal?.aborted === true) {
    return new KubeError({
      kind: "aborted",
      message: `${nameOf(attempt.call)}: aborted`,
      mayHaveApplied: true,
      cause: attempt.call.signal.reason,
    });
  }
  if (attempt.signal.aborted) return timedOut(attempt.call);
  return errorOfNetwork(nameOf(attempt.call), error);
};

const sendRecorded = async (attempt: Attempt, session: Session): Promise<Answer> => {
  const { wire, call } = attempt;
  const start = performance.now();
  const record = (status: number | undefined, bytes: number): void =>
    wire.observe({
      method: call.method,
      path: call.path,
      status,
      bytes,
      milliseconds: performance.now() - start,
    });
  try {
    const answer = await send(attempt, session);
    record(answer.status, answer.text.length);
    return answer;
  } catch (error) {
    record(undefined, 0);
    throw translate(attempt, error);
  }
};

/** One call on the wire. A refused token is no execution: it is replaced and the call sent again, once. */
const sendAuthorised = async (attempt: Attempt): Promise<Answer> => {
  const session = await attempt.wire.connection.session();
  const answer = await sendRecorded(attempt, session);
  if (answer.status !== 401) return answer;
  return sendRecorded(attempt, await attempt.wire.connection.session(session));
};

/** Neither a pool whose connections are all busy nor a slow credential plugin holds a caller beyond its deadline. */
const withinDeadline = async <T>(attempt: Attempt, work: Promise<T>): Promise<T> => {
  const { signal } = attempt;
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const end = (): void => reject(translate(attempt, signal.reason));
  if (signal.aborted) end();
  signal.addEventListener("abort", end, { once: true });
  try {
    return await Promise.race([work, ended]);
  } finally {
    signal.removeEventListener("abort", end);
  }
};

const parseAnswer = (call: KubeCall, answer: Answer): unknown => {
  if (answer.status >= 300) {
    const { status, text, retryAfter } = answer;
    throw errorOfAnswer({ call: nameOf(call), status, body: text, retryAfter });
  }
  return answer.isJson && answer.text !== "" ? JSON.parse(answer.text) : answer.text;
};

/** Worth another try: nobody answered, or the server asked to come back. 500 is an answer. */
const isPassing = (error: KubeError): boolean =>
  error.kind === "unreachable" ||
  error.kind === "timeout" ||
  error.kind === "tooManyRequests" ||
  error.status === 502 ||
  error.status === 503 ||
  error.status === 504;

const retryDelay = (attempt: Attempt, error: unknown, backoff: Backoff): number | undefined => {
  if (!isRepeatable(attempt.call) || !(error instanceof KubeError) || !isPassing(error)) return undefined;
  const delay = Math.max(backoff.next(), (error.retryAfterSeconds ?? 0) * 1000);
  return performance.now() + delay < attempt.deadline ? delay : undefined;
};

const perform = async (attempt: Attempt): Promise<unknown> => {
  const backoff = startBackoff(RETRY_RANGE);
  for (;;) {
    try {
      return parseAnswer(attempt.call, await withinDeadline(attempt, sendAuthorised(attempt)));
    } catch (error) {
      const delay = retryDelay(attempt, error, backoff);
      if (delay === undefined) throw error;
      await pause(delay, attempt.signal);
    }
  }
};

const request = async <T>(wire: Wire, call: KubeCall): Promise<T> => {
  const limit = call.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const timeout = AbortSignal.timeout(limit);
  const signal = call.signal === undefined ? timeout : AbortSignal.any([call.signal, timeout]);
  const body = call.body === undefined ? undefined : JSON.stringify(call.body);
  return (await perform({ wire, call, body, signal, deadline: performance.now() + limit })) as T;
};

/** A client for the cluster of a kubeconfig. Reads the file now; the first call opens the connection. */
export const openKube = async (source: KubeSource, options: KubeOptions = {}): Promise<KubeClient> => {
  const access = await openAccess(source);
  const wire: Wire = {
    connection: openConnection(access),
    server: access.server.replace(/\/+$/, ""),
    observe: options.observe ?? (() => undefined),
  };
  return {
    server: wire.server,
    request: call => request(wire, call),
    watch: call => streamWatch(wire, call),
    close: () => wire.connection.close(),
  };
};

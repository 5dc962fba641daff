import { setTimeout as pause } from "node:timers/promises";
import { armEndpoint, armToken } from "./credential";

/** As the provider's own resources: both halves then see the same properties (@pulumi/azure-native 3.28). */
const API_VERSION = "2025-09-01";
const ATTEMPTS = 6;
const PAUSE_MS = 1_000;

export interface Request {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  /** After the endpoint: "/subscriptions/…". */
  readonly path: string;
  readonly query?: string;
  readonly body?: object;
  /** Only where it is still the one that was read. */
  readonly etag?: string;
  /** Of another provider than AKS; each has its own. */
  readonly apiVersion?: string;
  /** What ends the call and its repetitions. */
  readonly signal?: AbortSignal;
}

/** An answer of Azure Resource Manager that is no success. */
export class ArmError extends Error {
  declare readonly status: number;
  declare readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    Object.assign(this, { status, code, name: "ArmError" });
  }
}

export interface Answer<T> {
  readonly body: T;
  /** Where a change that goes on is looked at; absent = it is through. */
  readonly operation?: string;
}

interface ErrorBody {
  readonly code?: string;
  readonly message?: string;
  readonly error?: { readonly code?: string; readonly message?: string };
}

const failureOf = (status: number, text: string): ArmError => {
  try {
    const found = JSON.parse(text) as ErrorBody;
    const { code = "", message = text } = found.error ?? found;
    return new ArmError(status, code, message);
  } catch {
    return new ArmError(status, "", text.slice(0, 300));
  }
};

const headersOf = (token: string, { body, etag }: Request): Record<string, string> => ({
  authorization: `Bearer ${token}`,
  accept: "application/json",
  ...(body === undefined ? {} : { "content-type": "application/json" }),
  ...(etag === undefined ? {} : { "if-match": etag }),
});

/** 429 was not taken, whatever it was; anything else is repeated only where that can't do it twice. */
const mayRepeat = (status: number, { method }: Request): boolean =>
  status === 429 || (method === "GET" && status >= 500);

const urlOf = ({ path, query = "", apiVersion = API_VERSION }: Request): string =>
  `${armEndpoint()}${path}?api-version=${apiVersion}${query}`;

const once = async (url: string, request: Request): Promise<Response> => {
  const { method, body, signal } = request;
  const headers = headersOf(await armToken(), request);
  return fetch(url, {
    ...{ method, headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
};

const waitSeconds = (response: Response): number => Number(response.headers.get("retry-after") ?? "0");

const tried = async (request: Request, url = urlOf(request)): Promise<Response> => {
  for (let attempt = 1; ; attempt += 1) {
    const response = await once(url, request);
    if (attempt === ATTEMPTS || !mayRepeat(response.status, request)) return response;
    const { signal } = request;
    const wait = Math.max(waitSeconds(response) * 1_000, PAUSE_MS * attempt);
    await pause(wait, undefined, signal === undefined ? {} : { signal });
  }
};

const operationOf = ({ headers, status }: Response): string | undefined =>
  headers.get("azure-asyncoperation") ?? (status === 202 ? headers.get("location") : null) ?? undefined;

export const send = async <T>(request: Request): Promise<Answer<T>> => {
  const response = await tried(request);
  const text = await response.text();
  if (!response.ok) throw failureOf(response.status, text);
  const operation = operationOf(response);
  const body = (text === "" ? {} : JSON.parse(text)) as T;
  return operation === undefined ? { body } : { body, operation };
};

/** Path and api-version of an operation are in its address; it must lead to the same ARM as everything else. */
export const sendOperation = async <T>(url: string): Promise<T> => {
  if (!url.startsWith(`${armEndpoint()}/`)) throw new Error(`an operation at another address: ${url}`);
  const response = await tried({ method: "GET", path: "" }, url);
  const text = await response.text();
  if (!response.ok) throw failureOf(response.status, text);
  return (text === "" ? {} : JSON.parse(text)) as T;
};

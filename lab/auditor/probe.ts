/**
 * A client that forgives nothing: each request opens its own connection, is sent once, and is counted as it went.
 * Requests start on a fixed beat whatever happened to those before, so that an outage cannot slow its own counting.
 */
import { ask } from "./connection";
import type { Answer, Call, Connection } from "./connection";
import type { AuditLine, FailedRequest, RequestSummary } from "./format";

export interface ProbeOptions {
  readonly connection: Connection;
  readonly namespace: string;
  readonly write: (line: AuditLine) => void;
}

export interface Probe {
  stop(): Promise<void>;
  summary(): RequestSummary;
  failures(): readonly FailedRequest[];
}

export const BEAT_MS = 100;
/** One write among so many requests; the rest are reads. */
export const WRITE_EVERY = 5;
const TIMEOUT_MS = 10_000;
/** More than this at once would measure this process, not the API: what is left out is counted as skipped. */
const MOST_AT_ONCE = 60;
const CONFIG_MAP = "probe";

const READS = ["/version", "/api/v1/namespaces/default"] as const;

const callFor = (namespace: string, beat: number): Call => {
  if (beat % WRITE_EVERY === 0) {
    const path = `/api/v1/namespaces/${namespace}/configmaps/${CONFIG_MAP}`;
    return { method: "PATCH", path, body: { data: { beat: String(beat) } }, timeoutMs: TIMEOUT_MS };
  }
  return { method: "GET", path: READS[beat % 2] ?? READS[0], timeoutMs: TIMEOUT_MS };
};

interface Counts {
  sent: number;
  skipped: number;
  version: string;
  readonly tookMs: number[];
  readonly failures: FailedRequest[];
}

const describeError = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  return code === undefined ? error.message : `${code}: ${error.message}`;
};

const noteVersion = (counts: Counts, answer: Answer, write: ProbeOptions["write"]): void => {
  const version = (JSON.parse(answer.text) as { gitVersion?: string }).gitVersion ?? "";
  if (version === counts.version) return;
  counts.version = version;
  write({ kind: "version", at: Date.now(), version });
};

const fail = (counts: Counts, failedRequest: FailedRequest, write: ProbeOptions["write"]): void => {
  counts.failures.push(failedRequest);
  write({ kind: "failedRequest", at: failedRequest.at, failedRequest });
};

const sendOne = async (options: ProbeOptions, counts: Counts, call: Call): Promise<void> => {
  const at = Date.now();
  const request = `${call.method} ${call.path}`;
  counts.sent += 1;
  try {
    const answer = await ask(options.connection, call);
    const tookMs = Date.now() - at;
    counts.tookMs.push(tookMs);
    const { status, text } = answer;
    if (status < 200 || status > 299) {
      fail(counts, { at, request, status, tookMs, error: text.slice(0, 300) }, options.write);
    } else if (call.path === "/version") noteVersion(counts, answer, options.write);
  } catch (error) {
    fail(counts, { at, request, tookMs: Date.now() - at, error: describeError(error) }, options.write);
  }
};

const percentile = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

const summarise = (counts: Counts): RequestSummary => {
  const sorted = [...counts.tookMs].sort((left, right) => left - right);
  return {
    sent: counts.sent,
    failed: counts.failures.length,
    skipped: counts.skipped,
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    slowestMs: sorted.at(-1) ?? 0,
  };
};

const expectOk = async (connection: Connection, call: Call): Promise<void> => {
  const { status, text } = await ask(connection, call);
  if (status > 299) throw new Error(`${call.method} ${call.path}: ${status} ${text.slice(0, 300)}`);
};

/** The probe writes only here, so that it disturbs nothing it watches. */
export const openProbeNamespace = async (connection: Connection, namespace: string): Promise<void> => {
  const post = (path: string, body: unknown): Promise<void> =>
    expectOk(connection, { method: "POST", path, body, timeoutMs: TIMEOUT_MS });
  await post("/api/v1/namespaces", { metadata: { name: namespace } });
  await post(`/api/v1/namespaces/${namespace}/configmaps`, {
    metadata: { name: CONFIG_MAP },
    data: { beat: "0" },
  });
};

export const removeProbeNamespace = async (connection: Connection, namespace: string): Promise<void> => {
  const path = `/api/v1/namespaces/${namespace}`;
  await ask(connection, { method: "DELETE", path, timeoutMs: TIMEOUT_MS });
};

export const startProbe = (options: ProbeOptions): Probe => {
  const counts: Counts = { sent: 0, skipped: 0, version: "", tookMs: [], failures: [] };
  const inFlight = new Set<Promise<void>>();
  let beat = 0;
  const timer = setInterval(() => {
    beat += 1;
    if (inFlight.size >= MOST_AT_ONCE) {
      counts.skipped += 1;
      return;
    }
    const sent = sendOne(options, counts, callFor(options.namespace, beat)).finally(() =>
      inFlight.delete(sent),
    );
    inFlight.add(sent);
  }, BEAT_MS);
  return {
    async stop() {
      clearInterval(timer);
      await Promise.all(inFlight);
    },
    summary: () => summarise(counts),
    failures: () => [...counts.failures],
  };
};

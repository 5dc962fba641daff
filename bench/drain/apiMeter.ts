import { labStatus } from "../../lab";
import { type Arena, LAB } from "./arena";
import { bucketsOf, bucketsSince, parseSamples, quantileOf, type Sample, sumOf } from "./prometheus";

/** What both API servers counted since they started, whoever asked. */
export interface ApiCount {
  readonly evictions: number;
  /** Evictions answered 429. */
  readonly refused: number;
  /** Evictions answered otherwise than 2xx or 429. */
  readonly failed: number;
  readonly requests: number;
  readonly bytes: number;
  readonly durations: ReadonlyMap<number, number>;
}

export type ApiUse = Omit<ApiCount, "durations"> & { readonly p99Seconds: number };

const TOTAL = "apiserver_request_total";
const SIZES = "apiserver_response_sizes_sum";
const DURATION = "apiserver_request_duration_seconds_bucket";
/** They last as long as somebody listens. */
const STREAMS = new Set(["WATCH", "CONNECT"]);

const isEviction = ({ name, labels }: Sample): boolean =>
  name === TOTAL && labels["subresource"] === "eviction";
const isAccepted = (sample: Sample): boolean =>
  isEviction(sample) && sample.labels["code"]?.startsWith("2") === true;
const isRefused = (sample: Sample): boolean => isEviction(sample) && sample.labels["code"] === "429";

const countOf = (samples: readonly Sample[]): ApiCount => {
  const evictions = sumOf(samples, isAccepted);
  const refused = sumOf(samples, isRefused);
  return {
    evictions,
    refused,
    failed: sumOf(samples, isEviction) - evictions - refused,
    requests: sumOf(samples, ({ name }) => name === TOTAL),
    bytes: sumOf(samples, ({ name }) => name === SIZES),
    durations: bucketsOf(
      samples.filter(({ name, labels }) => name === DURATION && !STREAMS.has(labels["verb"] ?? "")),
    ),
  };
};

/** Of the API servers themselves, behind the balancer; one that was started anew may have another. */
const portsNow = (): readonly number[] =>
  labStatus(LAB).processes.flatMap(({ role, port, alive }) =>
    role.startsWith("kube-apiserver") && alive ? [port] : [],
  );

export const readApi = async ({ kubectl }: Arena): Promise<ApiCount> => {
  const pages = await Promise.all(
    portsNow().map(port => kubectl("get", "--raw", "/metrics", "--server", `https://127.0.0.1:${port}`)),
  );
  return countOf(pages.flatMap(page => parseSamples(page, [TOTAL, SIZES, DURATION])));
};

/** What happened in between; only where no server started anew, since its counts would too. */
export const apiUse = (before: ApiCount, now: ApiCount): ApiUse => ({
  evictions: now.evictions - before.evictions,
  refused: now.refused - before.refused,
  failed: now.failed - before.failed,
  requests: now.requests - before.requests,
  bytes: now.bytes - before.bytes,
  p99Seconds: quantileOf(bucketsSince(before.durations, now.durations), 0.99),
});

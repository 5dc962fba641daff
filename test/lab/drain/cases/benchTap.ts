import { NAMES } from "../../../../core/identity/names";
import {
  isKubeError,
  type KubeCall,
  type KubeClient,
  type WatchCall,
  type WatchEvent,
} from "../../../../kube";

/** One call as it went over the wire. */
export interface Sent {
  readonly call: KubeCall;
  /** Milliseconds, by the clock of the test. */
  readonly at: number;
  /** Calls of the same kind that were under way already. */
  readonly besides: number;
  /** HTTP status; 0 while there is no answer. */
  status: number;
}

export interface SentEviction {
  readonly pod: string;
  readonly uid: string | undefined;
  readonly at: number;
  readonly besides: number;
  readonly status: number;
}

export interface Tap {
  readonly kube: KubeClient;
  /** Every eviction that was meant, in order. */
  readonly evictions: () => readonly SentEviction[];
  /** Bodies of these evictions. */
  readonly bodies: () => readonly unknown[];
  /** Every call that could have changed something, as "METHOD path". */
  readonly writes: () => readonly string[];
}

interface EvictionBody {
  readonly metadata?: { readonly name?: string };
  readonly deleteOptions?: {
    readonly dryRun?: readonly string[];
    readonly preconditions?: { readonly uid?: string };
  };
}

const REVIEW = /selfsubject\w*reviews$/;
const EVICTION = /\/pods\/[^/]+\/eviction$/;

const bodyOf = ({ body }: KubeCall): EvictionBody => body ?? {};

const isDry = (call: KubeCall): boolean => bodyOf(call).deleteOptions?.dryRun !== undefined;

export const isEviction = (call: KubeCall): boolean =>
  call.method === "POST" && EVICTION.test(call.path) && !isDry(call);

const isWrite = (call: KubeCall): boolean => call.method !== "GET" && !REVIEW.test(call.path) && !isDry(call);

const evictionOf = ({ call, at, besides, status }: Sent): SentEviction => ({
  pod: bodyOf(call).metadata?.name ?? "",
  uid: bodyOf(call).deleteOptions?.preconditions?.uid,
  at,
  besides,
  status,
});

export interface TapHooks {
  /** Runs before the call goes out, to put something between decision and call. */
  readonly before?: (call: KubeCall) => Promise<void>;
  /** Sees each word of a watch before the watcher does; what it throws is what the watcher meets instead. */
  readonly onWord?: (call: WatchCall, word: WatchEvent) => void;
}

type OnWord = NonNullable<TapHooks["onWord"]>;

async function* listen(kube: KubeClient, call: WatchCall, onWord: OnWord): AsyncIterable<WatchEvent> {
  for await (const word of kube.watch(call)) {
    onWord(call, word);
    yield word;
  }
}

/** A client of the real server that notes what is sent, and lets a test act in between. */
export const tap = (kube: KubeClient, { before, onWord = () => undefined }: TapHooks = {}): Tap => {
  const sent: Sent[] = [];
  const request = async <T>(call: KubeCall): Promise<T> => {
    await before?.(call);
    const besides = sent.filter(other => other.status === 0 && isEviction(other.call)).length;
    const entry: Sent = { call, at: Date.now(), besides, status: 0 };
    sent.push(entry);
    try {
      const answer = await kube.request<T>(call);
      entry.status = 200;
      return answer;
    } catch (error) {
      entry.status = isKubeError(error) ? (error.status ?? -1) : -1;
      throw error;
    }
  };
  const evictions = (): readonly Sent[] => sent.filter(({ call }) => isEviction(call));
  return {
    evictions: () => evictions().map(evictionOf),
    bodies: () => evictions().map(({ call }) => call.body),
    writes: () => sent.filter(({ call }) => isWrite(call)).map(({ call }) => `${call.method} ${call.path}`),
    kube: {
      server: kube.server,
      request,
      watch: call => listen(kube, call, onWord),
      close: () => Promise.resolve(),
    },
  };
};

/**
 * The same cluster, but what the product keeps in its own namespace is kept in another one: several drains of one
 * process go on at a time without meeting at the cluster's one lease.
 */
export const apart = (kube: KubeClient, namespace: string): KubeClient => {
  const moved = <T>(value: T): T =>
    value === undefined
      ? value
      : (JSON.parse(JSON.stringify(value).replaceAll(NAMES.namespace, namespace)) as T);
  return {
    server: kube.server,
    request: call =>
      kube.request({
        ...call,
        path: moved(call.path),
        query: moved(call.query) ?? {},
        body: moved(call.body),
      }),
    watch: call => kube.watch({ ...call, path: moved(call.path) }),
    close: () => Promise.resolve(),
  };
};

/**
 * A rival written for this benchmark, in our own code: the eviction queue of Karpenter, as described of
 * kubernetes-sigs/karpenter, pkg/controllers/node/termination/terminator, in summer 2026. Reproduced:
 * - a pod is queued once, by namespace, name and uid, and asked for by one of 100 workers (what one processor gets);
 * - the eviction has the pod's uid as precondition; 404 and 409 end it, everything else is tried again;
 * - again after 100 ms, doubled each time, at most 10 s, and never faster than 100 a second with a burst of 1,000.
 * `karpenterNodes.ts` has the rest: four tiers a node, each node looked at again after 1 s.
 * Not reproduced: NodeClaims, disruption budgets of node pools, events, deadlines of nodes, the least drain time of 5 s.
 */
export interface QueuedPod {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

export interface Clock {
  readonly now: () => number;
  readonly after: (ms: number, act: () => void) => void;
}

export interface QueuePorts {
  readonly clock: Clock;
  readonly evict: (pod: QueuedPod) => Promise<"done" | "again">;
}

export interface EvictionQueue {
  /** Pods that are queued already stay as they are. */
  readonly add: (pods: readonly QueuedPod[]) => void;
}

const WORKERS = 100;
const BASE_MS = 100;
const MAX_MS = 10_000;
const PER_SECOND = WORKERS;
const BURST = 10 * WORKERS;

/** Wait after so many failures of one pod, the first one counted as 0. */
export const backoffMs = (failures: number): number => Math.min(MAX_MS, BASE_MS * 2 ** failures);

/** Tokens are taken ahead of time: whoever comes late waits for what others took before. */
const openBucket = (clock: Clock): (() => number) => {
  let tokens = BURST;
  let at = clock.now();
  return () => {
    const now = clock.now();
    tokens = Math.min(BURST, tokens + ((now - at) / 1_000) * PER_SECOND) - 1;
    at = now;
    return tokens >= 0 ? 0 : (-tokens / PER_SECOND) * 1_000;
  };
};

const keyOf = ({ namespace, name, uid }: QueuedPod): string => `${namespace}/${name}/${uid}`;

/** When to ask again; forgets a pod's failures once it is done. */
const openBackoff = (clock: Clock) => {
  const failures = new Map<string, number>();
  const take = openBucket(clock);
  return {
    delayOf: (key: string): number => {
      const failed = failures.get(key) ?? 0;
      failures.set(key, failed + 1);
      return Math.max(backoffMs(failed), take());
    },
    forget: (key: string): void => void failures.delete(key),
  };
};

export const openQueue = ({ clock, evict }: QueuePorts): EvictionQueue => {
  const known = new Set<string>();
  const backoff = openBackoff(clock);
  const ready: QueuedPod[] = [];
  let busy = 0;
  const enter = (pods: readonly QueuedPod[]): void => {
    ready.push(...pods);
    pump();
  };
  const work = async (pod: QueuedPod): Promise<void> => {
    const key = keyOf(pod);
    busy += 1;
    const end = await evict(pod);
    busy -= 1;
    if (end === "again") clock.after(backoff.delayOf(key), () => enter([pod]));
    else {
      known.delete(key);
      backoff.forget(key);
    }
    pump();
  };
  const pump = (): void => {
    while (busy < WORKERS) {
      const pod = ready.shift();
      if (pod === undefined) return;
      void work(pod);
    }
  };
  const isNew = (pod: QueuedPod): boolean => {
    const key = keyOf(pod);
    if (known.has(key)) return false;
    known.add(key);
    return true;
  };
  return { add: pods => enter(pods.filter(isNew)) };
};

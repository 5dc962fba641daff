import type { FailedCall } from "../../../../core/drain/answers";
import type { EvictionReply } from "../server/eviction";
import type { Server } from "../server/objects";
import type { WireFault } from "../story";

/** What one call meets on its way: whether the server acts at all, and what the caller hears instead of its answer. */
export interface WireTrip {
  readonly reaches: boolean;
  readonly hears?: FailedCall;
  /** Beyond the usual time of a call. */
  readonly delayMs: number;
}

const answer = (status: number, message: string, more: Partial<FailedCall> = {}): FailedCall => ({
  status,
  message,
  causes: [],
  mayHaveApplied: status >= 500,
  ...more,
});

const RESET: FailedCall = { message: "no answer (ECONNRESET)", causes: [], mayHaveApplied: true };
const TIMEOUT: FailedCall = { message: "no answer in 20 s", causes: [], mayHaveApplied: true };

const behind = answer(429, "Cannot evict pod as it would violate the pod's disruption budget.", {
  causes: [
    {
      reason: "DisruptionBudget",
      message: "The disruption budget web is still being processed by the server.",
    },
  ],
  retryAfterSeconds: 10,
});

const terminating = answer(
  403,
  "unable to create new content in namespace shop because it is being terminated",
  {
    causes: [{ reason: "NamespaceTerminating", message: "namespace shop is being terminated" }],
  },
);

const TRIPS: Readonly<Record<WireFault, WireTrip>> = {
  throttled: {
    reaches: false,
    hears: answer(429, "Too many requests, please try again later.", { retryAfterSeconds: 1 }),
    delayMs: 0,
  },
  behind: { reaches: false, hears: behind, delayMs: 0 },
  conflict: { reaches: false, hears: answer(409, "the object has been modified"), delayMs: 0 },
  contended: {
    reaches: false,
    hears: answer(504, "couldn't update PodDisruptionBudget web due to conflicts", { retryAfterSeconds: 10 }),
    delayMs: 10_000,
  },
  internal: { reaches: false, hears: answer(500, "etcdserver: request timed out"), delayMs: 500 },
  internalAfter: { reaches: true, hears: answer(500, "etcdserver: request timed out"), delayMs: 500 },
  unavailable: {
    reaches: false,
    hears: answer(503, "apiserver not ready", { retryAfterSeconds: 2 }),
    delayMs: 0,
  },
  resetBefore: { reaches: false, hears: RESET, delayMs: 0 },
  resetAfter: { reaches: true, hears: RESET, delayMs: 0 },
  timeoutAfter: { reaches: true, hears: TIMEOUT, delayMs: 20_000 },
  terminatingNamespace: { reaches: false, hears: terminating, delayMs: 0 },
  forbidden: { reaches: false, hears: answer(403, "pods/eviction is forbidden: RBAC"), delayMs: 0 },
  negative: { reaches: false, hears: answer(403, "pdb disruptions allowed is negative"), delayMs: 0 },
};

const SMOOTH: WireTrip = { reaches: true, delayMs: 0 };

export const drawTrip = (server: Server, random: () => number): WireTrip => {
  const { wire } = server.story;
  const over = server.clock.now() - server.startedAt >= wire.until;
  if (over || random() >= wire.chance) return SMOOTH;
  const kind = wire.kinds[Math.floor(random() * wire.kinds.length)];
  return kind === undefined ? SMOOTH : TRIPS[kind];
};

export const heardOf = (trip: WireTrip, reply: EvictionReply | undefined): FailedCall | undefined =>
  trip.hears ?? (reply === undefined || reply.ok ? undefined : reply.call);

import { pause } from "./backoff";
import type { KubeClient } from "./client";
import { isKubeError } from "./kubeError";
import {
  noteSighting,
  readLease,
  releaseLease,
  remainingOf,
  renewLease,
  takeLease,
  type LeaseClaim,
  type LeaseHold,
  type LeaseRecord,
  type LeaseSighting,
} from "./lease";

export interface LeaseWait {
  readonly signal: AbortSignal;
  /** How long to wait for another holder. */
  readonly deadlineMs: number;
  /** Told each time the holder turns out to be somebody. */
  readonly onBusy?: (record: LeaseRecord, remainingMs: number) => void;
}

export type LeaseOutcome =
  | { readonly kind: "held"; readonly keeper: LeaseKeeper }
  | { readonly kind: "busy"; readonly record: LeaseRecord | undefined }
  | { readonly kind: "aborted" };

/** Renews in the background until released, lost or aborted. */
export interface LeaseKeeper {
  /** The fencing number: grows with every change of hands. */
  readonly transitions: number;
  /** False as soon as another run could rightfully hold it, by our own stop-watch; no call is made. */
  valid(): boolean;
  /** Fires when the lease is lost; the reason says how. Never fires after a release. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
}

/** Of the lease time: renewed after a third, given up after two thirds without a renewal, so never held twice. */
const RENEW_SHARE = 1 / 3;
const VALID_SHARE = 2 / 3;
const LOOK_AGAIN_MS = 1_000;
/** After a lost race or a lost answer. */
const RACE_MS = 100;

interface Kept {
  hold: LeaseHold;
  /** When the last successful renewal was sent: the server cannot have counted from earlier. */
  renewedAt: number;
}

const renewOnce = async (kube: KubeClient, kept: Kept): Promise<"held" | "lost"> => {
  const sentAt = performance.now();
  try {
    const renewed = await renewLease(kube, kept.hold);
    if (renewed === "lost") return "lost";
    kept.hold = renewed;
    kept.renewedAt = sentAt;
  } catch (error) {
    // No clear answer: the stop-watch decides, the next round asks again.
    if (!isKubeError(error)) throw error;
  }
  return "held";
};

const keep = async (
  kube: KubeClient,
  kept: Kept,
  ends: { stop: AbortSignal; lose: (why: string) => void },
) => {
  const { durationSeconds } = kept.hold.claim;
  const every = durationSeconds * 1000 * RENEW_SHARE;
  for (;;) {
    const overdue = kept.renewedAt + every < performance.now();
    await pause(overdue ? Math.min(every, LOOK_AGAIN_MS) : every, ends.stop);
    if (ends.stop.aborted) return;
    if ((await renewOnce(kube, kept)) === "lost") {
      ends.lose(`another run took the lease ${kept.hold.claim.namespace}/${kept.hold.claim.name}`);
      return;
    }
  }
};

const startKeeper = (kube: KubeClient, hold: LeaseHold, sentAt: number): LeaseKeeper => {
  const kept: Kept = { hold, renewedAt: sentAt };
  const stop = new AbortController();
  const lost = new AbortController();
  const running = keep(kube, kept, { stop: stop.signal, lose: why => lost.abort(new Error(why)) }).catch(
    (error: unknown) => lost.abort(error),
  );
  const validMs = hold.claim.durationSeconds * 1000 * VALID_SHARE;
  return {
    transitions: hold.record.transitions,
    valid: () => !lost.signal.aborted && !stop.signal.aborted && performance.now() - kept.renewedAt < validMs,
    lost: lost.signal,
    release: async () => {
      stop.abort();
      await running;
      await releaseLease(kube, kept.hold);
    },
  };
};

interface Round {
  readonly sighting: LeaseSighting | undefined;
  readonly remainingMs: number;
}

const look = async (
  kube: KubeClient,
  claim: LeaseClaim,
  before: LeaseSighting | undefined,
): Promise<Round> => {
  const record = await readLease(kube, claim);
  if (record === undefined) return { sighting: undefined, remainingMs: 0 };
  const now = performance.now();
  const sighting = noteSighting(before, record, now);
  // Our own name stands there when the answer to our own take was lost.
  const isOurs = record.holder === claim.holder;
  return { sighting, remainingMs: isOurs ? 0 : remainingOf(sighting, now) };
};

const take = async (
  kube: KubeClient,
  claim: LeaseClaim,
  { sighting }: Round,
): Promise<LeaseKeeper | undefined> => {
  const sentAt = performance.now();
  try {
    const hold = await takeLease(kube, claim, sighting?.record);
    return hold === undefined ? undefined : startKeeper(kube, hold, sentAt);
  } catch (error) {
    // No word whether it was written: the next look tells.
    if (isKubeError(error, "unreachable", "timeout", "server", "tooManyRequests")) return undefined;
    throw error;
  }
};

const tellBusy = ({ onBusy }: LeaseWait, { sighting, remainingMs }: Round): void => {
  if (sighting !== undefined && remainingMs > 0) onBusy?.(sighting.record, remainingMs);
};

/** Waits until the lease is free or its holder has shown no life for the lease's own time, then takes and keeps it. */
export const acquireLease = async (
  kube: KubeClient,
  claim: LeaseClaim,
  wait: LeaseWait,
): Promise<LeaseOutcome> => {
  const end = performance.now() + wait.deadlineMs;
  let round: Round = { sighting: undefined, remainingMs: 0 };
  while (!wait.signal.aborted) {
    round = await look(kube, claim, round.sighting);
    const keeper = round.remainingMs === 0 ? await take(kube, claim, round) : undefined;
    if (keeper !== undefined) return { kind: "held", keeper };
    tellBusy(wait, round);
    if (performance.now() >= end) return { kind: "busy", record: round.sighting?.record };
    await pause(Math.min(LOOK_AGAIN_MS, round.remainingMs || RACE_MS), wait.signal);
  }
  return { kind: "aborted" };
};

import type { KubeClient } from "./client";
import { isKubeError } from "./kubeError";
import { collectionPath, KINDS, leasePath, type ObjectRef } from "./paths";

/** A coordination.k8s.io/v1 Lease as it stands on the server. */
export interface LeaseRecord {
  /** Undefined when nobody holds it. */
  readonly holder: string | undefined;
  /** Counts every change of hands: a fencing number. */
  readonly transitions: number;
  readonly durationSeconds: number;
  readonly renewTime: string | undefined;
  readonly resourceVersion: string;
}

interface RawLease {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly spec?: {
    readonly holderIdentity?: string;
    readonly leaseTransitions?: number;
    readonly leaseDurationSeconds?: number;
    readonly renewTime?: string;
  };
}

const recordOf = ({ metadata, spec = {} }: RawLease): LeaseRecord => ({
  holder: spec.holderIdentity || undefined,
  transitions: spec.leaseTransitions ?? 0,
  durationSeconds: spec.leaseDurationSeconds ?? 0,
  renewTime: spec.renewTime,
  resourceVersion: metadata?.resourceVersion ?? "",
});

interface LeaseCallLimits {
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export const readLease = async (
  kube: KubeClient,
  ref: ObjectRef,
  limits: LeaseCallLimits = {},
): Promise<LeaseRecord | undefined> => {
  try {
    return recordOf(await kube.request<RawLease>({ method: "GET", path: leasePath(ref), ...limits }));
  } catch (error) {
    if (isKubeError(error, "notFound")) return undefined;
    throw error;
  }
};

/**
 * A record with the local, monotonic moment since which it has not changed. Only this counts for expiry: the clocks
 * of holder and server may be wrong, our own stop-watch is not.
 */
export interface LeaseSighting {
  readonly record: LeaseRecord;
  readonly unchangedSinceMs: number;
}

export const noteSighting = (
  before: LeaseSighting | undefined,
  record: LeaseRecord,
  nowMs: number,
): LeaseSighting => {
  const same = before?.record.resourceVersion === record.resourceVersion;
  return { record, unchangedSinceMs: same ? before.unchangedSinceMs : nowMs };
};

/** Milliseconds until the lease may be taken from its holder; 0 = now. */
export const remainingOf = ({ record, unchangedSinceMs }: LeaseSighting, nowMs: number): number =>
  record.holder === undefined ? 0 : Math.max(0, unchangedSinceMs + record.durationSeconds * 1000 - nowMs);

export interface LeaseClaim extends ObjectRef {
  /** One identity per run, never reused: a run that was killed must not be taken for its successor. */
  readonly holder: string;
  readonly durationSeconds: number;
}

/** A lease in our hands. */
export interface LeaseHold {
  readonly claim: LeaseClaim;
  readonly record: LeaseRecord;
}

/** An answer that comes after a third of the lease time is of no use to its holder. */
export const callLimitMs = (claim: LeaseClaim): number => Math.max(500, (claim.durationSeconds * 1000) / 3);

const writeTime = (): string => new Date().toISOString().replace("Z", "000Z");

const specOf = (claim: LeaseClaim, before: LeaseRecord | undefined): object => {
  const now = writeTime();
  const isRenewal = before?.holder === claim.holder;
  return {
    holderIdentity: claim.holder,
    leaseDurationSeconds: claim.durationSeconds,
    renewTime: now,
    ...(isRenewal ? {} : { acquireTime: now, leaseTransitions: (before?.transitions ?? 0) + 1 }),
  };
};

const createLease = (kube: KubeClient, claim: LeaseClaim): Promise<RawLease> =>
  kube.request<RawLease>({
    method: "POST",
    path: collectionPath(KINDS.leases, claim.namespace),
    body: {
      apiVersion: "coordination.k8s.io/v1",
      kind: "Lease",
      metadata: { name: claim.name },
      spec: specOf(claim, undefined),
    },
    timeoutMs: callLimitMs(claim),
  });

const swapLease = (
  kube: KubeClient,
  claim: LeaseClaim,
  change: { readonly before: LeaseRecord; readonly spec: object },
): Promise<RawLease> =>
  kube.request<RawLease>({
    method: "PATCH",
    path: leasePath(claim),
    body: { metadata: { resourceVersion: change.before.resourceVersion }, spec: change.spec },
    timeoutMs: callLimitMs(claim),
  });

const isLostRace = (error: unknown): boolean => isKubeError(error, "conflict", "alreadyExists");

/**
 * Takes the lease if it is free: the record must be the one last sighted, and the caller has judged it expired
 * (`remainingOf` is 0). Undefined when another run was faster.
 */
export const takeLease = async (
  kube: KubeClient,
  claim: LeaseClaim,
  sighted: LeaseRecord | undefined,
): Promise<LeaseHold | undefined> => {
  try {
    const raw =
      sighted === undefined
        ? await createLease(kube, claim)
        : await swapLease(kube, claim, { before: sighted, spec: specOf(claim, sighted) });
    return { claim, record: recordOf(raw) };
  } catch (error) {
    if (isLostRace(error)) return undefined;
    throw error;
  }
};

/** The lease as it is on the server if it is still in the same hands. */
const readOurs = async (kube: KubeClient, { claim, record }: LeaseHold): Promise<LeaseRecord | undefined> => {
  const now = await readLease(kube, claim, { timeoutMs: callLimitMs(claim) });
  return now?.holder === claim.holder && now.transitions === record.transitions ? now : undefined;
};

/** The lease with a fresh renewal; "lost" when it is no longer ours. Throws when the server gave no clear answer. */
export const renewLease = async (kube: KubeClient, hold: LeaseHold): Promise<LeaseHold | "lost"> => {
  const now = await readOurs(kube, hold);
  if (now === undefined) return "lost";
  // A lost race may have been anybody's label: only another look tells whether the lease changed hands.
  return (await takeLease(kube, hold.claim, now)) ?? renewLease(kube, hold);
};

/** Lets go, so that the next run need not wait. Quiet when it is not ours any more. */
export const releaseLease = async (kube: KubeClient, hold: LeaseHold): Promise<void> => {
  const before = await readOurs(kube, hold);
  if (before === undefined) return;
  const spec = { holderIdentity: null, renewTime: writeTime() };
  try {
    await swapLease(kube, hold.claim, { before, spec });
  } catch (error) {
    if (!isLostRace(error) && !isKubeError(error, "notFound")) throw error;
  }
};

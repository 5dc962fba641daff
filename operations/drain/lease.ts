import { NAMES } from "../../core/identity/names";
import {
  acquireLease,
  ensureNamespace,
  type KubeClient,
  type LeaseKeeper,
  leasePath,
  type LeaseRecord,
} from "../../kube";
import { describeHolder, isDeadHere, runOf } from "./holder";

const DURATION_SECONDS = 30;
const TELL_MS = 5_000;

export interface LeaseWish {
  /** One identity per run, never reused. All gates of one run in one process share the lease of this holder. */
  readonly holder: string;
  /** How long to wait for another holder, in milliseconds. */
  readonly waitMs: number;
  readonly log: (line: string) => void;
}

export type LeaseAnswer =
  | { readonly kind: "held"; readonly keeper: LeaseKeeper; readonly release: () => Promise<void> }
  | { readonly kind: "busy"; readonly reason: string }
  | { readonly kind: "aborted" };

interface Shared {
  readonly answer: Promise<LeaseAnswer>;
  users: number;
  /** Under way since the last user has left. */
  leaving?: Promise<void>;
}

/** Leases held by this process: a second gate of the same run must neither wait for the first nor let go under it. */
const shared = new Map<string, Shared>();

const ageOf = (record: LeaseRecord): string => {
  const renewed = Date.parse(record.renewTime ?? "");
  return Number.isNaN(renewed)
    ? ""
    : `, last sign of life ${Math.max(0, Math.round((Date.now() - renewed) / 1000))} s ago`;
};

const describeBusy = (record: LeaseRecord | undefined): string =>
  record === undefined
    ? "the cluster's lease could not be read in time"
    : `the cluster's lease is held by ${runOf(record.holder ?? "nobody")}${ageOf(record)}`;

const tellSometimes = (log: (line: string) => void): ((record: LeaseRecord, remainingMs: number) => void) => {
  let told = -Infinity;
  return (record, remainingMs) => {
    if (performance.now() - told < TELL_MS) return;
    told = performance.now();
    log(`waiting: ${describeBusy(record)}; free in ${Math.ceil(remainingMs / 1000)} s if it is dead`);
  };
};

/**
 * One for the cluster, whether Migration drains, a release or `changeover drain`. So who holds it may take over what any
 * other run has left behind: nodes, and surges on record.
 */
const LEASE = { namespace: NAMES.namespace, name: NAMES.lease };

/** A process that is certainly dead cannot renew: waiting for it would only cost time. Quiet when another was faster. */
const freeFromDead = (kube: KubeClient): ((record: LeaseRecord) => void) => {
  const tried = new Set<string>();
  return ({ holder, resourceVersion }) => {
    if (holder === undefined || tried.has(resourceVersion) || !isDeadHere(holder)) return;
    tried.add(resourceVersion);
    const body = { metadata: { resourceVersion }, spec: { holderIdentity: null } };
    kube.request({ method: "PATCH", path: leasePath(LEASE), body }).catch(() => undefined);
  };
};

const acquire = async (kube: KubeClient, wish: LeaseWish, signal: AbortSignal): Promise<LeaseAnswer> => {
  await ensureNamespace(kube, NAMES.namespace);
  const claim = { ...LEASE, holder: describeHolder(wish.holder), durationSeconds: DURATION_SECONDS };
  const free = freeFromDead(kube);
  const tell = tellSometimes(wish.log);
  const outcome = await acquireLease(kube, claim, {
    signal,
    deadlineMs: wish.waitMs,
    onBusy: (record, remainingMs) => {
      free(record);
      tell(record, remainingMs);
    },
  });
  if (outcome.kind === "held") return { ...outcome, release: () => outcome.keeper.release() };
  return outcome.kind === "busy" ? { kind: "busy", reason: describeBusy(outcome.record) } : outcome;
};

const forget = (key: string, entry: Shared): void => {
  if (shared.get(key) === entry) shared.delete(key);
};

const leave = async (key: string, entry: Shared, release: () => Promise<void>): Promise<void> => {
  entry.users -= 1;
  if (entry.users > 0) return;
  entry.leaving = release().finally(() => forget(key, entry));
  await entry.leaving;
};

const once = (run: () => Promise<void>): (() => Promise<void>) => {
  let done: Promise<void> | undefined;
  return () => (done ??= run());
};

const open = (key: string, answer: Promise<LeaseAnswer>): Shared => {
  const entry: Shared = { answer, users: 0 };
  shared.set(key, entry);
  answer.catch(() => forget(key, entry));
  return entry;
};

/** Waits for the one lease of the cluster, saying who holds it; renews it until the last user of this run releases it. */
export const holdLease = async (
  kube: KubeClient,
  wish: LeaseWish,
  signal: AbortSignal,
): Promise<LeaseAnswer> => {
  const key = `${kube.server} ${wish.holder}`;
  // Taken under the same name while it is let go, it would be let go under the new user.
  await shared.get(key)?.leaving?.catch(() => undefined);
  const entry = shared.get(key) ?? open(key, acquire(kube, wish, signal));
  entry.users += 1;
  const answer = await entry.answer;
  if (answer.kind === "held" && !answer.keeper.lost.aborted) {
    return { ...answer, release: once(() => leave(key, entry, answer.release)) };
  }
  forget(key, entry);
  // What others of this run once held and lost says nothing about now.
  return answer.kind === "held" ? holdLease(kube, wish, signal) : answer;
};

import { NAMES } from "../../core/identity/names";
import { acquireLease, ensureNamespace, type KubeClient, type LeaseKeeper, type LeaseRecord } from "../../kube";

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
  readonly keeper: Promise<LeaseAnswer>;
  users: number;
}

/** Leases held by this process: a second gate of the same run must neither wait for the first nor let go under it. */
const shared = new Map<string, Shared>();

const ageOf = (record: LeaseRecord): string => {
  const renewed = Date.parse(record.renewTime ?? "");
  return Number.isNaN(renewed) ? "" : `, last sign of life ${Math.max(0, Math.round((Date.now() - renewed) / 1000))} s ago`;
};

const describeBusy = (record: LeaseRecord): string =>
  `the cluster's lease is held by ${record.holder ?? "nobody"}${ageOf(record)}`;

const tellSometimes = (log: (line: string) => void): ((record: LeaseRecord, remainingMs: number) => void) => {
  let told = -Infinity;
  return (record, remainingMs) => {
    if (performance.now() - told < TELL_MS) return;
    told = performance.now();
    log(`waiting: ${describeBusy(record)}; free in ${Math.ceil(remainingMs / 1000)} s if it is dead`);
  };
};

const acquire = async (kube: KubeClient, wish: LeaseWish, signal: AbortSignal): Promise<LeaseAnswer> => {
  await ensureNamespace(kube, NAMES.namespace);
  const claim = {
    namespace: NAMES.namespace,
    name: NAMES.lease,
    holder: wish.holder,
    durationSeconds: DURATION_SECONDS,
  };
  const outcome = await acquireLease(kube, claim, {
    signal,
    deadlineMs: wish.waitMs,
    onBusy: tellSometimes(wish.log),
  });
  if (outcome.kind === "held") return { ...outcome, release: () => outcome.keeper.release() };
  return outcome.kind === "busy" ? { kind: "busy", reason: describeBusy(outcome.record) } : outcome;
};

const leave = async (key: string, entry: Shared, release: () => Promise<void>): Promise<void> => {
  entry.users -= 1;
  if (entry.users > 0) return;
  shared.delete(key);
  await release();
};

const once = (run: () => Promise<void>): (() => Promise<void>) => {
  let done: Promise<void> | undefined;
  return () => (done ??= run());
};

/** Still fit for use: a lease that was lost is asked for anew. */
const isUsable = async (entry: Shared | undefined): Promise<boolean> => {
  const answer = await entry?.keeper;
  return answer?.kind === "held" && !answer.keeper.lost.aborted;
};

const open = (key: string, keeper: Promise<LeaseAnswer>): Shared => {
  const entry: Shared = { keeper, users: 0 };
  shared.set(key, entry);
  return entry;
};

/** Waits for the one lease of the cluster, saying who holds it; renews it until the last user of this run releases it. */
export const holdLease = async (
  kube: KubeClient,
  wish: LeaseWish,
  signal: AbortSignal,
): Promise<LeaseAnswer> => {
  const key = `${kube.server} ${wish.holder}`;
  const present = shared.get(key);
  const entry =
    present !== undefined && (await isUsable(present)) ? present : open(key, acquire(kube, wish, signal));
  entry.users += 1;
  const answer = await entry.keeper;
  if (answer.kind === "held") return { ...answer, release: once(() => leave(key, entry, answer.release)) };
  if (shared.get(key) === entry) shared.delete(key);
  return answer;
};

/** One pod as a watch shows it, in what counts here. */
export interface Sighting {
  readonly uid: string;
  readonly workload: string;
  readonly node: string | undefined;
  readonly ready: boolean;
  readonly going: boolean;
}

export interface Subject {
  readonly workload: string;
  readonly desired: number;
  /** Fewest ready pods that its budgets allow; absent = nobody wrote one. */
  readonly floor?: number;
  /** Its pods are not expected to leave. */
  readonly stays: boolean;
}

/** All times in milliseconds of the caller's clock; absent = it did not happen yet. */
export interface Tally {
  /** Sum over workloads and time of what they lacked in ready pods. */
  readonly unavailablePodSeconds: number;
  /** Times that a workload fell below its floor. */
  readonly violations: number;
  /** Pods made after the start that had to go again. */
  readonly doubleMoves: number;
  /** Pods that left, or are on their way out. */
  readonly moved: number;
  /** Pods that should leave and have not. */
  readonly left: number;
  readonly firstGoingAt?: number;
  readonly lastGoingAt?: number;
  readonly emptyAt?: number;
  /** Nothing lacked a pod from then on. */
  readonly wholeAt?: number;
}

export interface Ledger {
  readonly see: (at: number, pod: Sighting) => void;
  readonly gone: (at: number, uid: string) => void;
  readonly read: (at: number) => Tally;
}

interface Count {
  readonly subject: Subject;
  ready: number;
}

interface Book {
  readonly counts: Map<string, Count>;
  readonly pods: Map<string, Sighting>;
  /** Those that were there at the start. */
  readonly old: Set<string>;
  readonly onBlue: Set<string>;
  readonly goingSeen: Set<string>;
  missing: number;
  since: number;
  podMs: number;
  violations: number;
  doubleMoves: number;
  firstGoingAt?: number;
  lastGoingAt?: number;
  emptyAt?: number;
  wholeAt?: number;
}

const lacks = ({ subject, ready }: Count): number => Math.max(0, subject.desired - ready);
const isBelow = ({ subject, ready }: Count): boolean => ready < (subject.floor ?? 0);
const serves = (pod: Sighting | undefined): boolean => pod?.ready === true && !pod.going;

const pass = (book: Book, at: number): void => {
  book.podMs += book.missing * (at - book.since);
  book.since = at;
};

const addReady = (book: Book, workload: string, change: number): void => {
  const count = book.counts.get(workload);
  if (count === undefined || change === 0) return;
  const before = { lack: lacks(count), below: isBelow(count) };
  count.ready += change;
  book.missing += lacks(count) - before.lack;
  if (!before.below && isBelow(count)) book.violations += 1;
};

const noteGoing = (book: Book, at: number, uid: string): void => {
  if (book.goingSeen.has(uid)) return;
  book.goingSeen.add(uid);
  book.firstGoingAt ??= at;
  book.lastGoingAt = at;
  if (!book.old.has(uid)) book.doubleMoves += 1;
};

const noteState = (book: Book, at: number): void => {
  if (book.onBlue.size > 0) delete book.emptyAt;
  else book.emptyAt ??= at;
  if (book.missing > 0) delete book.wholeAt;
  else book.wholeAt ??= at;
};

const replace = (book: Book, at: number, ...[uid, pod]: readonly [string, Sighting | undefined]): void => {
  pass(book, at);
  const before = book.pods.get(uid);
  const workload = (pod ?? before)?.workload ?? "";
  addReady(book, workload, Number(serves(pod)) - Number(serves(before)));
  if (pod === undefined) book.pods.delete(uid);
  else book.pods.set(uid, pod);
};

const openBook = (subjects: readonly Subject[], at: number): Book => ({
  counts: new Map(subjects.map(subject => [subject.workload, { subject, ready: 0 }])),
  pods: new Map(),
  old: new Set(),
  onBlue: new Set(),
  goingSeen: new Set(),
  missing: subjects.reduce((sum, { desired }) => sum + desired, 0),
  since: at,
  podMs: 0,
  violations: 0,
  doubleMoves: 0,
});

const tallyOf = (book: Book, at: number): Tally => {
  pass(book, at);
  const { violations, doubleMoves, firstGoingAt, lastGoingAt, emptyAt, wholeAt } = book;
  return {
    unavailablePodSeconds: book.podMs / 1_000,
    violations,
    doubleMoves,
    moved: book.goingSeen.size,
    left: book.onBlue.size,
    ...(firstGoingAt === undefined ? {} : { firstGoingAt }),
    ...(lastGoingAt === undefined ? {} : { lastGoingAt }),
    ...(emptyAt === undefined ? {} : { emptyAt }),
    ...(wholeAt === undefined ? {} : { wholeAt }),
  };
};

export interface Opening {
  readonly at: number;
  readonly subjects: readonly Subject[];
  readonly blue: ReadonlySet<string>;
  readonly pods: Iterable<Sighting>;
}

/** Counts from outside what a drain does to workloads. Pure but for its own memory: every time comes from the caller. */
export const openLedger = ({ at: openedAt, subjects, blue, pods }: Opening): Ledger => {
  const book = openBook(subjects, openedAt);
  const counted = ({ workload }: Sighting): boolean => book.counts.has(workload);
  const shouldLeave = (pod: Sighting): boolean =>
    blue.has(pod.node ?? "") && book.counts.get(pod.workload)?.subject.stays === false;
  const see = (at: number, pod: Sighting): void => {
    if (!counted(pod)) return;
    replace(book, at, pod.uid, pod);
    if (shouldLeave(pod)) book.onBlue.add(pod.uid);
    if (pod.going) noteGoing(book, at, pod.uid);
    noteState(book, at);
  };
  for (const pod of pods) {
    if (counted(pod)) book.old.add(pod.uid);
    see(openedAt, pod);
  }
  return {
    see,
    gone: (at, uid) => {
      if (!book.pods.has(uid)) return;
      replace(book, at, uid, undefined);
      book.onBlue.delete(uid);
      noteGoing(book, at, uid);
      noteState(book, at);
    },
    read: at => tallyOf(book, at),
  };
};

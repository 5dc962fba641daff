/** Virtual time: things happen in the order of their moments, and of their being asked for within one moment. */
export interface VirtualClock {
  now(): number;
  after(ms: number, run: () => void): void;
  /** Runs what is due next; false when nothing is left. */
  step(): boolean;
}

interface Due {
  readonly at: number;
  readonly order: number;
  readonly run: () => void;
}

const before = (a: Due, b: Due): boolean => a.at < b.at || (a.at === b.at && a.order < b.order);

const siftUp = (heap: Due[], from: number): void => {
  for (let child = from; child > 0;) {
    const parent = (child - 1) >> 1;
    const [a, b] = [heap[child], heap[parent]];
    if (a === undefined || b === undefined || !before(a, b)) return;
    heap[child] = b;
    heap[parent] = a;
    child = parent;
  }
};

const smallest = (heap: readonly Due[], parent: number): number => {
  let least = parent;
  for (const child of [2 * parent + 1, 2 * parent + 2]) {
    const [a, b] = [heap[child], heap[least]];
    if (a !== undefined && b !== undefined && before(a, b)) least = child;
  }
  return least;
};

const siftDown = (heap: Due[]): void => {
  for (let parent = 0; ;) {
    const least = smallest(heap, parent);
    const [a, b] = [heap[parent], heap[least]];
    if (least === parent || a === undefined || b === undefined) return;
    heap[parent] = b;
    heap[least] = a;
    parent = least;
  }
};

const popDue = (heap: Due[]): Due | undefined => {
  const first = heap[0];
  const last = heap.pop();
  if (last !== undefined && heap.length > 0) {
    heap[0] = last;
    siftDown(heap);
  }
  return first;
};

export const startClock = (): VirtualClock => {
  const heap: Due[] = [];
  let now = 1_000_000;
  let order = 0;
  return {
    now: () => now,
    after: (ms, run) => {
      heap.push({ at: now + Math.max(0, ms), order: order++, run });
      siftUp(heap, heap.length - 1);
    },
    step: () => {
      const due = popDue(heap);
      if (due === undefined) return false;
      now = due.at;
      due.run();
      return true;
    },
  };
};

/** A small seeded generator (mulberry32): the same seed gives the same run everywhere. */
export const startRandom = (seed: number): (() => number) => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

/**
 * Which slot of a workload moved how often. A pod that is evicted, preempted or lost with its node leaves a slot; the
 * next pod that the same workload creates takes it (a StatefulSet's by its name). A slot that is left a second time is
 * a double move. Pods created for other reasons (scaling up, the next CronJob run) take no slot, so their first move is one.
 */
import type { Cause, DoubleMove } from "./format";

const MOVES: readonly Cause[] = ["evicted", "preempted", "taintManager", "lostWithNode"];

interface Slot {
  readonly pods: readonly string[];
  readonly causes: readonly Cause[];
}
interface Arrival {
  readonly uid: string;
  readonly pod: string;
  readonly workload: string;
}
interface Departure extends Arrival {
  readonly at: number;
  readonly cause: Cause;
  /** A pod that never had a node moved nowhere: its slot stays as it was. */
  readonly wasBound: boolean;
}

export interface Moves {
  readonly open: Map<string, readonly Slot[]>;
  readonly taken: Map<string, Slot>;
  readonly found: DoubleMove[];
  moved: number;
}

const NEW_SLOT: Slot = { pods: [], causes: [] };

export const noMoves = (): Moves => ({ open: new Map(), taken: new Map(), found: [], moved: 0 });

const leaveSlot = (moves: Moves, workload: string, slot: Slot): void => {
  moves.open.set(workload, [...(moves.open.get(workload) ?? []), slot]);
};

/** A new pod takes the slot that bears its name, else the one that waits longest. */
export const arrive = (moves: Moves, { uid, workload, pod }: Arrival): void => {
  const waiting = moves.open.get(workload) ?? [];
  const slot = waiting.find(one => one.pods.at(-1) === pod) ?? waiting[0];
  if (slot === undefined) return;
  moves.open.set(
    workload,
    waiting.filter(one => one !== slot),
  );
  moves.taken.set(uid, slot);
};

const judgeSlot = (moves: Moves, { workload, at }: Departure, slot: Slot): DoubleMove | undefined => {
  if (slot.causes.length < 2) return undefined;
  const doubleMove = { workload, at, pods: slot.pods, causes: slot.causes };
  moves.found.push(doubleMove);
  return doubleMove;
};

/** @returns the double move that this departure completes, if it does. */
export const depart = (moves: Moves, departure: Departure): DoubleMove | undefined => {
  const slot = moves.taken.get(departure.uid);
  moves.taken.delete(departure.uid);
  if (!MOVES.includes(departure.cause)) return undefined;
  if (!departure.wasBound) {
    if (slot !== undefined) leaveSlot(moves, departure.workload, slot);
    return undefined;
  }
  const { pods, causes } = slot ?? NEW_SLOT;
  const next = { pods: [...pods, departure.pod], causes: [...causes, departure.cause] };
  moves.moved += 1;
  leaveSlot(moves, departure.workload, next);
  return judgeSlot(moves, departure, next);
};

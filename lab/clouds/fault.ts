import { setTimeout as pause } from "node:timers/promises";

/** An answer of a stand-in cloud that is a refusal, in the cloud's own words. */
export class Fault extends Error {
  declare readonly status: number;

  constructor(name: string, message: string, status = 400) {
    super(message);
    this.name = name;
    Object.defineProperty(this, "status", { value: status, enumerable: true });
  }
}

/** What went wrong inside the stand-in itself is answered under the cloud's own name for that. */
export const asFault = (error: unknown, name: string): Fault =>
  error instanceof Fault ? error : new Fault(name, String(error), 500);

/** A failure that a test or a demo asks for: the next calls of `action` on a matching name are refused. */
export interface PlannedFailure {
  readonly action: string;
  readonly on: RegExp;
  readonly fault: Fault;
  /** How often; every time when absent. */
  readonly times?: number;
}

/** What a test or a demo stops half-way. */
type Held = Pick<PlannedFailure, "action" | "on">;

export interface Failures {
  /** @returns how often it is still due. */
  readonly plan: (failure: PlannedFailure) => () => number;
  /** Work of `action` on a matching name gets no further until the returned function is called. */
  readonly hold: (held: Held) => () => void;
  /** Nothing fails on purpose from now on. */
  readonly clear: () => void;
  /** @throws the planned fault, where one is due. */
  readonly check: (action: string, on: string) => void;
  /** The same for what goes on behind an answer, which may be held as well; ends with the signal. */
  readonly pass: (action: string, on: string, signal: AbortSignal) => Promise<void>;
}

const LOOK_MS = 50;

export const planFailures = (): Failures => {
  let planned: { failure: PlannedFailure; left: number }[] = [];
  const holds = new Set<Held>();
  const isHeld = (action: string, on: string): boolean =>
    [...holds].some(held => held.action === action && held.on.test(on));
  const check: Failures["check"] = (action, on) => {
    const due = planned.find(
      ({ failure, left }) => failure.action === action && failure.on.test(on) && left > 0,
    );
    if (due === undefined) return;
    due.left -= 1;
    throw due.failure.fault;
  };
  return {
    plan: failure => {
      const due = { failure, left: failure.times ?? Infinity };
      planned.push(due);
      return () => due.left;
    },
    hold: held => {
      holds.add(held);
      return () => void holds.delete(held);
    },
    clear: () => void (planned = []),
    check,
    pass: async (action, on, signal) => {
      while (isHeld(action, on)) await pause(LOOK_MS, undefined, { signal });
      check(action, on);
    },
  };
};

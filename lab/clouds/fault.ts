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

export interface Failures {
  readonly plan: (failure: PlannedFailure) => void;
  /** Nothing fails on purpose from now on. */
  readonly clear: () => void;
  /** @throws the planned fault, where one is due. */
  readonly check: (action: string, on: string) => void;
}

export const planFailures = (): Failures => {
  let planned: { failure: PlannedFailure; left: number }[] = [];
  return {
    plan: failure => void planned.push({ failure, left: failure.times ?? Infinity }),
    clear: () => void (planned = []),
    check: (action, on) => {
      const due = planned.find(
        ({ failure, left }) => failure.action === action && failure.on.test(on) && left > 0,
      );
      if (due === undefined) return;
      due.left -= 1;
      throw due.failure.fault;
    },
  };
};

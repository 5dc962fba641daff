import type { Problem } from "../core/problem";
import type { PoolChange } from "./ports";
import { type Look, waitFor } from "./wait";

const DEADLINE_MINUTES = 15;

/** A change at a cloud that answers at once and works on. */
export interface LongChange {
  /** Sends it; missing = another one is under way. @returns what it is asked for by. */
  readonly start: () => Promise<Look<string>>;
  /** Whether it is through. Throws where the cloud says that it failed. */
  readonly look: (id: string) => Promise<Look<true>>;
  readonly stuck: (missing: string, minutes: number) => Problem;
  /** For each of the two waits; absent = 15. */
  readonly minutes?: number;
}

/** Clouds change one thing at a time: waits for its turn, then until the change is through. */
export const carryThrough = async (
  { log, signal }: Pick<PoolChange, "log" | "signal">,
  { start, look, stuck, minutes = DEADLINE_MINUTES }: LongChange,
): Promise<void> => {
  const waiting = {
    now: Date.now,
    log,
    signal,
    deadlineSeconds: minutes * 60,
    problem: (missing: string) => stuck(missing, minutes),
  };
  const id = await waitFor(start, waiting);
  await waitFor(() => look(id), waiting);
};

import { setTimeout as pause } from "node:timers/promises";

const POLL_MS = 200;
const DEADLINE_MS = 20 * 60_000;

/** Looks until `look` gives something. */
export const until = async <T>(what: string, look: () => Promise<T | undefined>): Promise<T> => {
  const end = Date.now() + DEADLINE_MS;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > end) throw new Error(`timeout while waiting for ${what}`);
    await pause(POLL_MS);
  }
};

import type { Guard } from "../guards";

/** Guards about what lies outside the cluster. Each says what is known now; none remembers anything. */

export interface Window {
  /** Milliseconds since the epoch. */
  readonly opensAt: number;
  readonly closesAt: number;
}

/** Before the maintenance window the run waits; when it is over, the run pauses. */
export const windowGuard = ({ opensAt, closesAt }: Window, now: number): Guard => {
  const name = "maintenance window";
  const at = (moment: number): string => new Date(moment).toISOString();
  if (now < opensAt) return { name, state: "closed", then: "hold", reason: `it opens at ${at(opensAt)}` };
  return now < closesAt
    ? { name, state: "open", then: "pause" }
    : { name, state: "closed", then: "pause", reason: `it closed at ${at(closesAt)}` };
};

/** Credentials this close to their end are not begun with: an eviction has to be followed to its end. */
const LEAST_LEFT_MS = 60_000;

/** `expiresAt`: undefined when they don't expire, NaN when that cannot be told. */
export const credentialsGuard = (expiresAt: number | undefined, now: number): Guard => {
  const name = "credentials";
  if (expiresAt === undefined) return { name, state: "open", then: "hold" };
  if (Number.isNaN(expiresAt))
    return { name, state: "unknown", then: "hold", reason: "when they expire cannot be told" };
  const left = Math.round((expiresAt - now) / 1000);
  return expiresAt - now >= LEAST_LEFT_MS
    ? { name, state: "open", then: "hold" }
    : { name, state: "closed", then: "hold", reason: `${Math.max(0, left)} s left` };
};

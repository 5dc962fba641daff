import type { Guard } from "../guards";

export interface SentryRules {
  /** What a sentry that stays closed for `patienceMs` asks for; until then it only holds. Default: hold. */
  readonly policy?: "hold" | "rollback";
  /** Default 5 minutes. */
  readonly patienceMs?: number;
}

/** What one look shows. A reason is there when it is not open. */
export interface Reading {
  readonly state: Guard["state"];
  readonly reason?: string;
}

/** A guard with its past: it closes at once and opens only after a steady time without complaint. */
export interface Gate {
  readonly state: Guard["state"];
  readonly reason?: string;
  /** Since when it has not been open. */
  readonly shutSince?: number;
  /** Since when the readings have been good again. */
  readonly goodSince?: number;
}

export const OPEN: Gate = { state: "open" };

export interface Turn {
  readonly now: number;
  /** How long the readings must have been good. */
  readonly steadyMs: number;
}

export const turnGate = (gate: Gate, reading: Reading, { now, steadyMs }: Turn): Gate => {
  const shutSince = gate.shutSince ?? now;
  if (reading.state !== "open") return { ...reading, shutSince };
  if (gate.state === "open") return OPEN;
  const goodSince = gate.goodSince ?? now;
  return now - goodSince >= steadyMs ? OPEN : { ...gate, shutSince, goodSince };
};

const PATIENCE_MS = 5 * 60_000;

const thenOf = (gate: Gate, rules: SentryRules, now: number): Guard["then"] => {
  const shut = gate.shutSince === undefined ? 0 : now - gate.shutSince;
  return rules.policy === "rollback" && shut >= (rules.patienceMs ?? PATIENCE_MS) ? "rollback" : "hold";
};

export const guardOf = (
  name: string,
  gate: Gate,
  { rules, now }: { readonly rules: SentryRules; readonly now: number },
): Guard => ({
  name,
  state: gate.state,
  then: thenOf(gate, rules, now),
  ...(gate.reason === undefined ? {} : { reason: gate.reason }),
});

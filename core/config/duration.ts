import { z } from "zod";
import { quote, type Refusal, refuseValue } from "./refusal";

const SECONDS = { s: 1, m: 60, h: 3_600, d: 86_400 } as const;
const SHAPE = /^(\d{1,6})([smhd])$/;

/**
 * A length of time as text: "30s", "50m", "2h", "1d". Becomes seconds. A bare number is refused: nobody can tell
 * whether 50 means seconds or minutes.
 */
export const duration = () =>
  z.unknown().transform((found, context): number => {
    const seconds = typeof found === "string" ? toSeconds(found) : undefined;
    if (seconds !== undefined && seconds > 0) return seconds;
    refuseValue(context, unreadable(found));
    return z.NEVER;
  });

const toSeconds = (text: string): number | undefined => {
  const [, count, unit] = SHAPE.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * SECONDS[unit as keyof typeof SECONDS];
};

const unreadable = (found: unknown): Refusal => ({
  code: typeof found === "number" ? "Config.DurationWithoutUnit" : "Config.Duration",
  message: `found ${quote(found)}; a length of time is a whole number and s, m, h or d, above 0, such as "30s", "50m", "2h" or "1d"`,
  fix:
    typeof found === "number"
      ? `add the unit, such as "${found}s" or "${found}m"`
      : 'write it as "30s", "50m", "2h" or "1d"',
});

/** Seconds as the shortest text that reads back as the same: 7200 → "2h". */
export const describeDuration = (seconds: number): string => {
  const unit =
    (["d", "h", "m"] as const).find(candidate => seconds > 0 && seconds % SECONDS[candidate] === 0) ?? "s";
  return `${seconds / SECONDS[unit]}${unit}`;
};

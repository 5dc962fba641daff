import { z } from "zod";
import { nearest } from "./nearest";

/**
 * An object with exactly these keys. An unknown key is a problem of its own, one text line per key in the order in
 * which zod names them: a misspelt setting must never be read as absent.
 */
export const closed = <S extends z.core.$ZodLooseShape>(shape: S) =>
  z.strictObject(shape, {
    error: issue =>
      issue.code === "unrecognized_keys"
        ? issue.keys.map(key => unknownKey(key, Object.keys(shape))).join("\n")
        : undefined,
  });

/** What to say of a key that nobody knows. */
export const unknownKey = (key: string, allowed: readonly string[]): string => {
  const meant = nearest(key, allowed);
  const hint = meant === undefined ? "" : ` did you mean "${meant}"?`;
  return `unknown key "${key}";${hint} allowed: ${[...allowed].sort().join(", ")}`;
};

import type { z } from "zod";
import type { Problem } from "../problem";

/** What a value of ours has to say when it is refused; the path comes from where it stands. */
export type Refusal = Pick<Problem, "code" | "message" | "fix">;

type Context = Pick<z.core.$RefinementCtx, "addIssue">;

/** Refuses the value under test with our own words. `path` is relative to it. */
export const refuseValue = (
  context: Context,
  refusal: Refusal,
  path: readonly (string | number)[] = [],
): void =>
  context.addIssue({ code: "custom", message: refusal.message, path: [...path], params: { ...refusal } });

/** Quotes a value as the user would recognise it, kept short. */
export const quote = (found: unknown): string => {
  const text = JSON.stringify(found) as string | undefined;
  if (text === undefined) return "nothing";
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
};

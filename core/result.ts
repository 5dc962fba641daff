import type { Problem } from "./problem";

/** What a step that may be refused returns: the value, or every reason at once. */
export type Result<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

export const accept = <T>(value: T): Result<T> => ({ ok: true, value });

export const refuse = (problems: readonly Problem[]): Result<never> => ({ ok: false, problems });

/** A switch over a union ends here: the compiler proves that it is never reached. */
export const assertNever = (value: never): never => {
  throw new Error(`unexpected value: ${JSON.stringify(value)}`);
};

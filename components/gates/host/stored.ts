import { isDeepStrictEqual } from "node:util";

/** What the engine sends for a value it does not know yet in a preview. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const PROVIDER = "__provider";
const ASIDE: readonly string[] = [PROVIDER, "urn"];

export type Stored = Readonly<Record<string, unknown>>;

/** The inputs inside stored outputs: all but the shell's text, the resource's name and what apply added. */
export const inputsWithin = (outputs: Stored, added: readonly string[]): Stored =>
  Object.fromEntries(
    Object.entries(outputs).filter(
      ([key, value]) => !ASIDE.includes(key) && !added.includes(key) && value !== undefined,
    ),
  );

/** Whether a step is needed by what the program states alone; a changed shell counts (else delete runs the old one). */
export const inputsDiffer = (outputs: Stored, inputs: Stored, added: readonly string[]): boolean =>
  outputs[PROVIDER] !== inputs[PROVIDER] ||
  !isDeepStrictEqual(inputsWithin(outputs, added), inputsWithin(inputs, added));

/** Outputs may hold no `undefined`: the engine would fail the step after its effect. */
export const withoutUndefined = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(withoutUndefined);
  if (value === null || typeof value !== "object") return value;
  const kept = Object.entries(value).filter(([, inner]) => inner !== undefined);
  return Object.fromEntries(kept.map(([key, inner]) => [key, withoutUndefined(inner)]));
};

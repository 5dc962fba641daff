import { parseGoDuration } from "../../../core/drain/goDuration";
import type { LabelSelector } from "../../../core/drain/labels";
import type { Problem } from "../../../core/problem";
import { accept, refuse, type Result } from "../../../core/result";
import { parseSelector } from "./selector";

/** A flag with the text that was written for it. */
export interface Flag {
  readonly name: string;
  readonly text: string;
}

export const flagProblem = (name: string, message: string, fix: string): Problem => ({
  code: "Drain.FlagInvalid",
  path: name,
  message,
  fix,
});

const invalid = ({ name, text }: Flag, allowed: string, example: string): Result<never> =>
  refuse([flagProblem(name, `found "${text}"; allowed is ${allowed}`, `write it like ${name}=${example}`)]);

export const readInteger = (
  flag: Flag,
  { least, example }: { least: number; example: number },
): Result<number> => {
  const value = /^-?\d{1,9}$/.test(flag.text) ? Number(flag.text) : Number.NaN;
  return value >= least ? accept(value) : invalid(flag, `a whole number, ${least} or more`, String(example));
};

/** Milliseconds. "0" needs no unit, everything else does: that is how kubectl reads it. */
export const readDuration = (flag: Flag): Result<number> => {
  if (/^0+(?:[a-zµ]+)?$/.test(flag.text)) return accept(0);
  const value = parseGoDuration(flag.text);
  return value === undefined ? invalid(flag, "a duration with its units", "1h30m") : accept(value);
};

export const readOneOf = <T extends string>(
  flag: Flag,
  choices: readonly [T, ...(readonly T[])],
): Result<T> => {
  const found = choices.find(choice => choice === flag.text);
  return found === undefined ? invalid(flag, `one of ${choices.join(", ")}`, choices[0]) : accept(found);
};

export const readSelector = (flag: Flag): Result<LabelSelector> => {
  const parsed = parseSelector(flag.text);
  return "wrong" in parsed
    ? invalid(flag, `a label selector ("${parsed.wrong}" is none)`, "pool=blue,zone!=a")
    : accept(parsed);
};

/** Values of many flags, and every problem of all of them together. */
export interface Notes {
  readonly problems: readonly Problem[];
  note(problem: Problem): void;
  /** The value, or the fallback with the problems noted. */
  take<T, F>(result: Result<T>, fallback: F): T | F;
}

export const startNotes = (): Notes => {
  const problems: Problem[] = [];
  return {
    problems,
    note: problem => void problems.push(problem),
    take: (result, fallback) => {
      if (result.ok) return result.value;
      problems.push(...result.problems);
      return fallback;
    },
  };
};

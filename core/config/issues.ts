import type { z } from "zod";
import type { Problem } from "../problem";
import { nearest } from "./nearest";
import { quote, type Refusal } from "./refusal";

type Issue = z.core.$ZodIssue;
type Found = { readonly value: unknown };
type Describe<C extends Issue["code"]> = (
  issue: Extract<Issue, { code: C }>,
  found: Found,
) => readonly Refusal[];

/** Turns what zod found into problems: where, what was found, what is allowed, what to do. */
export const describeIssues = (error: z.ZodError, raw: unknown, prefix: string): readonly Problem[] =>
  error.issues.flatMap(issue => {
    const path = [prefix, ...issue.path.map(String)].join(".");
    return describeIssue(issue, { value: lookUp(raw, issue.path) }).map(refusal => ({
      ...refusal,
      path: refusal.code === "Config.UnknownKey" ? `${path}.${keyOf(refusal)}` : path,
    }));
  });

const keyOf = ({ message }: Refusal): string => /"([^"]*)"/.exec(message)?.[1] ?? "";

const lookUp = (raw: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    raw,
  );

const describeIssue = (issue: Issue, found: Found): readonly Refusal[] => {
  switch (issue.code) {
    case "custom":
      return ours(issue, found);
    case "unrecognized_keys":
      return unknownKeys(issue, found);
    case "invalid_type":
      return wrongType(issue, found);
    case "invalid_value":
      return notAllowed(issue, found);
    case "too_small":
    case "too_big":
      return [outOfRange(issue, found)];
    case "invalid_key":
      return badKey(issue, found);
    default:
      return [
        {
          code: "Config.Invalid",
          message: `found ${quote(found.value)}; ${issue.message}`,
          fix: "write it in the form named",
        },
      ];
  }
};

const ours: Describe<"custom"> = ({ message, params }, { value }) => {
  const { code, fix } = (params ?? {}) as Partial<Refusal>;
  return [
    {
      code: code ?? "Config.Invalid",
      message: message || `found ${quote(value)}`,
      fix: fix ?? "correct the value",
    },
  ];
};

/** A key that is itself malformed; what is wrong with it was found one level deeper. */
const badKey: Describe<"invalid_key"> = ({ issues, path }) =>
  issues.flatMap(inner => describeIssue(inner, { value: path[path.length - 1] }));

const unknownKeys: Describe<"unrecognized_keys"> = ({ message }) =>
  message
    .split("\n")
    .map(line => ({ code: "Config.UnknownKey", message: line, fix: "correct the key or remove it" }));

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: "a text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a block of keys",
  record: "a block of keys",
};

const wrongType: Describe<"invalid_type"> = ({ expected }, { value }) => {
  const wanted = TYPE_WORDS[expected] ?? expected;
  if (value === undefined) {
    return [
      { code: "Config.Missing", message: `missing; ${wanted} is needed here`, fix: `add it as ${wanted}` },
    ];
  }
  return [
    {
      code: "Config.WrongType",
      message: `found ${quote(value)}; allowed is ${wanted}`,
      fix: `write ${wanted}`,
    },
  ];
};

const notAllowed: Describe<"invalid_value"> = ({ values }, { value }) => {
  const allowed = values.map(String);
  const list = allowed.join(", ");
  if (value === undefined)
    return [{ code: "Config.Missing", message: `missing; allowed: ${list}`, fix: `choose one of ${list}` }];
  const meant = typeof value === "string" ? nearest(value, allowed) : undefined;
  const fix = meant === undefined ? `choose one of ${list}` : `did you mean "${meant}"?`;
  return [{ code: "Config.NotAllowed", message: `found ${quote(value)}; allowed: ${list}`, fix }];
};

const outOfRange = (issue: Extract<Issue, { code: "too_small" | "too_big" }>, { value }: Found): Refusal => {
  const limit =
    issue.code === "too_small" ? `at least ${String(issue.minimum)}` : `at most ${String(issue.maximum)}`;
  const what =
    issue.origin === "string" ? `${limit} letters` : issue.origin === "array" ? `${limit} entries` : limit;
  return {
    code: "Config.OutOfRange",
    message: `found ${quote(value)}; allowed is ${what}`,
    fix: `write ${what}`,
  };
};

import type { LabelExpression, LabelSelector } from "../../../core/drain/labels";

const KEY = "[A-Za-z0-9](?:[-A-Za-z0-9_./]*[A-Za-z0-9])?";
const VALUE = "(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?";

const FORMS: readonly (readonly [RegExp, (key: string, value: string) => LabelExpression])[] = [
  [new RegExp(`^(${KEY})$`), key => ({ key, operator: "Exists" })],
  [new RegExp(`^!\\s*(${KEY})$`), key => ({ key, operator: "DoesNotExist" })],
  [new RegExp(`^(${KEY})\\s*==?\\s*(${VALUE})$`), (key, value) => ({ key, operator: "In", values: [value] })],
  [
    new RegExp(`^(${KEY})\\s*!=\\s*(${VALUE})$`),
    (key, value) => ({ key, operator: "NotIn", values: [value] }),
  ],
  [new RegExp(`^(${KEY})\\s*>\\s*(-?\\d+)$`), (key, value) => ({ key, operator: "Gt", values: [value] })],
  [new RegExp(`^(${KEY})\\s*<\\s*(-?\\d+)$`), (key, value) => ({ key, operator: "Lt", values: [value] })],
];

const SET = new RegExp(`^(${KEY})\\s+(in|notin)\\s*\\(([^()]*)\\)$`);
const WHOLE_VALUE = new RegExp(`^${VALUE}$`);

const parseSet = (text: string): LabelExpression | undefined => {
  const [, key, operator, list = ""] = SET.exec(text) ?? [];
  if (key === undefined) return undefined;
  const values = list.split(",").map(value => value.trim());
  if (!values.every(value => WHOLE_VALUE.test(value))) return undefined;
  return { key, operator: operator === "in" ? "In" : "NotIn", values };
};

const parseTerm = (text: string): LabelExpression | undefined => {
  for (const [form, build] of FORMS) {
    const [, key, value = ""] = form.exec(text) ?? [];
    if (key !== undefined) return build(key, value);
  }
  return parseSet(text);
};

/** Commas inside brackets belong to a set of values. */
const splitTerms = (text: string): readonly string[] => text.split(/,(?![^(]*\))/).map(term => term.trim());

/**
 * A label selector as kubectl takes it: `a=b,c!=d,e in (x,y),f notin (z),g,!h,i>1`. Or the first term that is none.
 */
export const parseSelector = (text: string): LabelSelector | { readonly wrong: string } => {
  const terms = splitTerms(text);
  const parsed = terms.map(parseTerm);
  const bad = parsed.findIndex(term => term === undefined);
  if (bad >= 0) return { wrong: terms[bad] ?? "" };
  return { matchExpressions: parsed.flatMap(term => term ?? []) };
};

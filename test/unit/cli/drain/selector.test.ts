import { matchesLabels } from "../../../../core/drain/labels";
import { parseSelector } from "../../../../cli/commands/drain/selector";

const BLUE = { pool: "blue", zone: "b", "example.com/rank": "7" };

const matches = (text: string, labels: Readonly<Record<string, string>> = BLUE): boolean => {
  const parsed = parseSelector(text);
  if ("wrong" in parsed) throw new Error(`"${parsed.wrong}" of "${text}" was not understood`);
  return matchesLabels(parsed, labels);
};

it.each([
  ["pool=blue", true],
  ["pool==blue", true],
  ["pool = blue", true],
  ["pool=green", false],
  ["pool=", false],
  ["pool!=green", true],
  ["pool!=blue", false],
  ["absent!=x", true],
  ["pool", true],
  ["absent", false],
  ["!absent", true],
  ["!pool", false],
  ["pool in (green, blue)", true],
  ["pool in (green)", false],
  ["pool notin (green,red)", true],
  ["pool notin (blue)", false],
  ["example.com/rank>6", true],
  ["example.com/rank>7", false],
  ["example.com/rank<8", true],
  ["pool=blue,zone in (a,b),!absent", true],
  ["pool=blue,zone in (a,c)", false],
])("%s selects as kubectl does: %s", (text, expected) => {
  expect(matches(text)).toBe(expected);
});

it("takes an empty value for a label that is there and empty", () => {
  expect(matches("pool=", { pool: "" })).toBe(true);
});

it.each([
  ["pool=blue,zone~a", "zone~a"],
  ["pool=blue,", ""],
  ["=blue", "=blue"],
  ["pool in blue", "pool in blue"],
  ["pool in (a b)", "pool in (a b)"],
  ["pool in (a", "pool in (a"],
  ["rank>high", "rank>high"],
])("names the first term of %s that is no selector", (text, wrong) => {
  expect(parseSelector(text)).toEqual({ wrong });
});

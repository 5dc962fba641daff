import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(__dirname, "../../..");
const LAST = 108;
const ALL = Array.from({ length: LAST }, (_, index) => index + 1);

interface Row {
  readonly number: number;
  readonly files: readonly string[];
}

const read = (path: string): string =>
  existsSync(join(ROOT, path)) ? readFileSync(join(ROOT, path), "utf8") : "";

const rowOf = (line: string): readonly Row[] => {
  const [, number, , , files = ""] = line.split("|").map(cell => cell.trim());
  if (!/^\d+$/.test(number ?? "")) return [];
  const named = [...files.matchAll(/`([^`]+)`/g)].map(([, path = ""]) => path);
  return [
    { number: Number(number), files: named.map(path => path.replace(/^cases\//, "test/lab/drain/cases/")) },
  ];
};

const rows = read("docs/drain-cases.md").split("\n").flatMap(rowOf);

/** The numbers with which the titles of a test file begin: "#3 #4 one cordon of several fails". */
const numbersIn = (path: string): readonly number[] =>
  [...read(path).matchAll(/["'`]((?:#\d+ )+)/g)].flatMap(([, numbers = ""]) =>
    [...numbers.matchAll(/\d+/g)].map(Number),
  );

it("gives each case of the checklist one row", () => {
  expect(rows.map(({ number }) => number)).toEqual(ALL);
});

it("names only files in which a test's title begins with the number of its case", () => {
  const untrue = rows.flatMap(({ number, files }) =>
    files.filter(path => !numbersIn(path).includes(number)).map(path => `#${number} ${path}`),
  );
  expect(untrue).toEqual([]);
  expect(rows.filter(({ files }) => files.length === 0)).toEqual([]);
});

import type { Row } from "./row";
import { median } from "./statistics";

const DIGITS = { s: 2, MB: 0, "×": 2, "": 1 } as const;

const format = (value: number, unit: Row["unit"]): string =>
  value === Infinity ? "never" : `${value.toFixed(DIGITS[unit])}${unit && ` ${unit}`}`;

const describeTarget = ({ unit, atMost }: Row): string =>
  atMost === undefined ? "" : `≤ ${Number(atMost.toFixed(2))}${unit && ` ${unit}`}`;

const verdict = ({ values, atMost }: Row): string => {
  if (atMost === undefined) return "";
  return median(values) <= atMost ? "met" : "MISSED";
};

const cells = (row: Row): readonly string[] => {
  const { what, unit, values, missing } = row;
  if (missing !== undefined) return [what, "not measured", "", "0", describeTarget(row), missing];
  const range = `${format(Math.min(...values), unit)} – ${format(Math.max(...values), unit)}`;
  return [
    what,
    format(median(values), unit),
    range,
    String(values.length),
    describeTarget(row),
    verdict(row),
  ];
};

const HEAD = ["what", "median", "range", "rounds", "target", ""];

/** A table that reads the same in a terminal and in Markdown. */
export const describeTable = (rows: readonly Row[]): string => {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map(line => (line[column] ?? "").length), 3));
  const draw = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map(width => "-".repeat(width + 2)).join("|")}|`;
  return [draw(HEAD), rule, ...lines.slice(1).map(draw)].join("\n");
};

export const describeJson = (rows: readonly Row[]): string =>
  JSON.stringify(
    rows.map(row => ({ ...row, median: median(row.values), verdict: verdict(row) || undefined })),
    undefined,
    2,
  );

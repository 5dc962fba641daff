import { median } from "../statistics";
import { contenderOf } from "./contenders";
import { METRICS, type Metric } from "./metrics";
import { boundSecondsOf, type Outcome, platformShareOf } from "./outcome";
import type { Result } from "./result";
import { podsOf } from "./scenario";

interface Figure {
  readonly value: number;
  /** The least that it can be. */
  readonly open: boolean;
}

const describeFigure = ({ value, open }: Figure, digits: number): string => {
  if (value === Infinity) return "never";
  return `${open ? "> " : ""}${value.toFixed(digits)}`;
};

/** "12.3 (11.9–13.0)", "> 38.0"; a dash where nothing was measured. */
const cell = (figures: readonly Figure[], digits: number): string => {
  const sorted = figures
    .filter(({ value }) => !Number.isNaN(value))
    .toSorted((one, other) => one.value - other.value);
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) return "–";
  const [least, most] = [low, high].map(figure => describeFigure(figure, digits));
  const value = median(sorted.map(figure => figure.value));
  // As soon as half of them are open, so is the middle.
  const open = sorted.filter(figure => figure.open).length * 2 >= sorted.length;
  const middle = describeFigure({ value, open }, digits);
  return least === most ? middle : `${middle} (${least ?? ""}–${most ?? ""})`;
};

const cellsOf = (outcome: Outcome, { of, digits, what, open = false }: Metric): readonly string[] => {
  const bound = boundSecondsOf(outcome);
  const figure = (run: Result): Figure => ({
    value: of(run, bound),
    open: open && run.makespan === undefined,
  });
  return [what, ...[...outcome.results.values()].map(runs => cell(runs.map(figure), digits))];
};

const draw = (lines: readonly (readonly string[])[]): readonly string[] => {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(3, ...lines.map(line => line[column]?.length ?? 0)),
  );
  const row = (line: readonly string[]): string =>
    `| ${line.map((part, column) => part.padEnd(widths[column] ?? 0)).join(" | ")} |`;
  const rule = `|${widths.map(width => "-".repeat(width + 2)).join("|")}|`;
  const [head = [], ...rest] = lines.map(row);
  return [head, rule, ...rest].map(String);
};

const headOf = ({ results }: Outcome): readonly string[] => [
  "median (range)",
  ...[...results].map(([name, runs]) => `${contenderOf(name).title} ×${runs.length}`),
];

const describePlatform = (outcome: Outcome): string => {
  const { baseline } = outcome;
  if (baseline === undefined) return "";
  const { emptySeconds, wholeSeconds } = baseline;
  const share = platformShareOf(outcome, baseline);
  const took = ` All pods deleted at once, no budget asked: blue empty after ${emptySeconds.toFixed(1)} s, all ready again after ${wholeSeconds.toFixed(1)} s, of which the platform's own work is ${share.toFixed(2)} T*`;
  return share >= 1
    ? `${took}: **the platform and its simulation are the limit here**, not the budgets.`
    : `${took}.`;
};

/** One scenario: its figures, and a column for each contender. */
export const describeMatrix = (outcome: Outcome): string => {
  const { scenario, bound } = outcome;
  const rows = METRICS.map(metric => cellsOf(outcome, metric)).filter(([, ...cells]) =>
    cells.some(one => one !== "–"),
  );
  return [
    `### ${scenario.name}: ${scenario.title}`,
    `${scenario.nodes} nodes, ${podsOf(scenario)} pods; T* ${boundSecondsOf(outcome).toFixed(1)} s, bound by ${bound.binding}.${describePlatform(outcome)}`,
    "",
    ...draw([headOf(outcome), ...rows]),
  ].join("\n");
};

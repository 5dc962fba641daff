import { median } from "../statistics";
import { CONTENDERS } from "./contenders";
import { METRICS, type Metric } from "./metrics";
import { boundSecondsOf, type Outcome, platformShareOf } from "./outcome";
import type { Result } from "./run";
import { podsOf } from "./scenario";

const text = (value: number, digits: number): string =>
  value === Infinity ? "never" : Number.isNaN(value) ? "–" : value.toFixed(digits);

/** "12.3 (11.9–13.0)"; a dash where nothing was measured. */
const cell = (values: readonly number[], digits: number): string => {
  const known = values.filter(value => !Number.isNaN(value));
  if (known.length === 0) return "–";
  const [low, high] = [Math.min(...known), Math.max(...known)].map(value => text(value, digits));
  const middle = text(median(known), digits);
  return low === high ? middle : `${middle} (${low ?? ""}–${high ?? ""})`;
};

const cellsOf = (outcome: Outcome, { of, digits, what }: Metric): readonly string[] => {
  const bound = boundSecondsOf(outcome);
  const show = (runs: readonly Result[]): string =>
    cell(
      runs.map(run => of(run, bound)),
      digits,
    );
  return [what, ...[...outcome.results.values()].map(show)];
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

const titleOf = (name: string): string => CONTENDERS.find(one => one.name === name)?.title ?? name;

const headOf = ({ results }: Outcome): readonly string[] => [
  "median (range)",
  ...[...results].map(([name, runs]) => `${titleOf(name)} ×${runs.length}`),
];

const describePlatform = (outcome: Outcome): string => {
  const { emptySeconds, wholeSeconds } = outcome.baseline;
  const share = platformShareOf(outcome);
  const took = `All pods deleted at once, no budget asked: blue empty after ${emptySeconds.toFixed(1)} s, all ready again after ${wholeSeconds.toFixed(1)} s, of which the platform's own work is ${share.toFixed(2)} T*`;
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
    `${scenario.nodes} nodes, ${podsOf(scenario)} pods; T* ${boundSecondsOf(outcome).toFixed(1)} s, bound by ${bound.binding}. ${describePlatform(outcome)}`,
    "",
    ...draw([headOf(outcome), ...rows]),
  ].join("\n");
};

import { describeTable } from "../table";
import { judge } from "./judge";
import { describeMatrix } from "./matrix";
import type { Measured } from "./measure";
import type { Outcome } from "./outcome";

/** A whole run of the benchmark. */
export interface Report {
  /** As it was called. */
  readonly command: string;
  /** Processors and load, when it began and when it was over. */
  readonly machine: { readonly before: string; readonly after: string };
  readonly measured: Measured;
}

/** The same text for a terminal and for Markdown. */
export const describeReport = ({ command, machine, measured }: Report): string =>
  [
    `\`${command}\`\n`,
    `- before: ${machine.before}\n- after: ${machine.after}`,
    ...measured.limits.map(line => `- ${line}`),
    ...Object.entries(measured.failures).map(([name, reason]) => `- ${name} failed: ${reason}`),
    `\n${describeTable(judge(measured.outcomes))}`,
    ...measured.outcomes.map(outcome => `\n${describeMatrix(outcome)}`),
  ].join("\n");

const asData = (outcome: Outcome): object => ({ ...outcome, results: Object.fromEntries(outcome.results) });

/** JSON knows no endless numbers, and what is not a number is nothing. */
const finite = (_key: string, value: unknown): unknown => {
  if (value === Infinity) return "never";
  return Number.isNaN(value) ? null : value;
};

export const describeData = ({ command, machine, measured }: Report): string => {
  const { outcomes, limits, failures } = measured;
  const targets = judge(outcomes);
  return JSON.stringify(
    { command, machine, limits, failures, targets, outcomes: outcomes.map(asData) },
    finite,
    2,
  );
};

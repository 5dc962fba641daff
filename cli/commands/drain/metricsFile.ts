import { renameSync, writeFileSync } from "node:fs";
import { ProblemError } from "../../../core/problem";
import type { CommandPorts } from "../../../operations/drain/commandDrain";
import { openMetricsBook } from "../../../operations/drain/metricsBook";
import { flagProblem } from "./flagValues";

/** In one piece or not at all: node_exporter reads the file at any moment, and only files called *.prom. */
const replace = (file: string, text: string): void => {
  const draft = `${file}.${process.pid}.tmp`;
  writeFileSync(draft, text);
  renameSync(draft, file);
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const unwritable = (file: string, error: unknown): ProblemError =>
  new ProblemError("nothing was done", [
    flagProblem(
      "--metrics-file",
      `${file} cannot be written: ${reasonOf(error)}`,
      "name a file in a directory that exists and that you may write to",
    ),
  ]);

type Heard = Required<Pick<CommandPorts, "log" | "progress" | "onPlan" | "onTransition">>;

export interface MeteredPorts {
  readonly ports: Heard & Pick<CommandPorts, "onClimb" | "gauges">;
  /** Writes the last figures. */
  readonly close: () => void;
}

const meter = (file: string, heard: Heard): MeteredPorts => {
  let broken = false;
  const write = (): void => {
    try {
      replace(file, book.text());
    } catch (error) {
      if (!broken) heard.log(`warning: ${file} cannot be written any more: ${reasonOf(error)}`);
      broken = true;
    }
  };
  const book = openMetricsBook(write);
  const { onPlan, onTransition, onClimb, gauges } = book.ports;
  return {
    ports: {
      ...heard,
      onClimb,
      gauges,
      onPlan: plan => {
        onPlan(plan);
        heard.onPlan(plan);
      },
      onTransition: transition => {
        onTransition(transition);
        heard.onTransition(transition);
      },
    },
    close: write,
  };
};

/** Keeps a file with the figures of the run, if one is wanted. Throws a ProblemError when it cannot be written. */
export const withMetricsFile = (file: string | undefined, heard: Heard): MeteredPorts => {
  if (file === undefined) return { ports: heard, close: () => undefined };
  try {
    replace(file, "");
  } catch (error) {
    throw unwritable(file, error);
  }
  return meter(file, heard);
};

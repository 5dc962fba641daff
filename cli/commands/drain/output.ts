import { describeProgress, type DrainProgress } from "../../../core/drain/describe";
import { describePlan } from "../../../core/drain/plan/describePlan";
import type { DrainPlan } from "../../../core/drain/plan/plan";
import type { CommandPorts, CommandResult } from "../../../operations/drain/commandDrain";
import { describeResult, resultAsData } from "./describeResult";
import type { OutputForm } from "./flags";
import { type Screen, startScreen } from "./screen";
import { describeTable, type TableSize } from "./table";

/** Where words go. Results are `out`, what happens meanwhile is `err`: so results can be piped. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Absent when nobody looks at `err` on a screen. */
  readonly size?: () => TableSize;
  readonly now: () => number;
}

export interface Output {
  readonly ports: Required<Pick<CommandPorts, "log" | "progress" | "onPlan" | "onTransition">>;
  readonly finish: (result: CommandResult, args: readonly string[]) => void;
}

const lines = (texts: readonly string[]): string => texts.map(text => `${text}\n`).join("");

const finishAsText =
  ({ out }: Io): Output["finish"] =>
  (result, args) =>
    out(lines(describeResult(result, args)));

const plainOutput = (io: Io): Output => ({
  ports: {
    log: line => io.err(`${line}\n`),
    progress: () => undefined,
    onTransition: () => undefined,
    onPlan: plan => io.err(lines(describePlan(plan))),
  },
  finish: finishAsText(io),
});

const titleOf = ({ nodes }: DrainPlan): string =>
  `draining ${nodes.length === 1 ? (nodes[0] ?? "") : `${nodes.length} nodes`}`;

/** The line that repeats what the table shows is left out. */
const tableOutput = (io: Io, size: () => TableSize): Output => {
  const screen: Screen = startScreen(io.err);
  let plan: DrainPlan | undefined;
  let shown = "";
  const progress = (seen: DrainProgress): void => {
    shown = describeProgress(seen);
    const title = plan === undefined ? "draining" : titleOf(plan);
    const bound = plan === undefined ? {} : { lowerBoundSeconds: plan.bound.seconds };
    screen.show(describeTable({ title, progress: seen, ...bound }, size()));
  };
  const log = (line: string): void => {
    if (line !== shown) for (const part of line.split("\n")) screen.say(part);
  };
  const onPlan = (made: DrainPlan): void => {
    plan = made;
    describePlan(made).forEach(log);
  };
  const finish: Output["finish"] = (result, args) => {
    screen.clear();
    finishAsText(io)(result, args);
  };
  return { ports: { log, progress, onPlan, onTransition: () => undefined }, finish };
};

const jsonOutput = (io: Io): Output => ({
  ports: {
    log: line => io.err(`${line}\n`),
    progress: () => undefined,
    onTransition: () => undefined,
    onPlan: () => undefined,
  },
  finish: (result, args) => io.out(`${JSON.stringify(resultAsData(result, args), undefined, 2)}\n`),
});

const eventsOutput = (io: Io): Output => {
  const tell = (event: string, fields: object): void =>
    io.out(`${JSON.stringify({ time: new Date(io.now()).toISOString(), event, ...fields })}\n`);
  return {
    ports: {
      log: message => tell("log", { message }),
      progress: progress => tell("progress", progress),
      onTransition: transition => tell("transition", transition),
      onPlan: plan => tell("plan", { plan }),
    },
    finish: (result, args) => tell("result", resultAsData(result, args)),
  };
};

/** How a run speaks: a live table where somebody looks, else lines; or JSON, one object or one a line. */
export const startOutput = (form: OutputForm, io: Io): Output => {
  switch (form) {
    case "json":
      return jsonOutput(io);
    case "events":
      return eventsOutput(io);
    case "text":
      return io.size === undefined ? plainOutput(io) : tableOutput(io, io.size);
  }
};

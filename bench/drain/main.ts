/** `npm run bench:drain`: how fast nodes are emptied, by us and by others, on one lab in one run. */
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Command, Option } from "commander";
import type { Row } from "../row";
import { describeMachine, inSession, positive, runProgramLine } from "../session";
import { describeTable } from "../table";
import { drawChart } from "./chart";
import { CONTENDERS } from "./contenders";
import { describeMatrix } from "./matrix";
import { type Measured, measureDrain, type Plan } from "./measure";
import type { Outcome } from "./outcome";
import type { ContenderName, Scenario } from "./scenario";
import { FULL, hasten, QUICK, scenariosAt } from "./scenarios";
import { judge } from "./targets";

interface Flags {
  readonly only?: readonly string[];
  readonly contenders?: readonly ContenderName[];
  readonly rounds?: number;
  readonly scale?: number;
  readonly quick?: boolean;
  readonly output: "table" | "json";
  readonly chart?: string;
}

const NAMES = scenariosAt(1).map(({ name }) => name);
const ROUNDS = { quick: 2, full: 5 };
const SCALE = { quick: 0.25, full: 1 };
/** Room is left for what runs when time is up. */
const QUICK_MS = 230_000;

const scaleOf = (text: string): number => {
  const scale = Number(text);
  if (Number.isFinite(scale) && scale > 0) return scale;
  throw new Error(`--scale: found "${text}"; allowed is a number above 0`);
};

/** Some take so long that a quick run has them once, or not at all. */
const quickRounds = (contender: ContenderName, { name }: Scenario, rounds: number): number => {
  if (name === "S5") return contender === "changeover" ? 1 : 0;
  if (contender === "serial") return name === "S1" ? 1 : 0;
  return rounds;
};

const isWanted = ({ contenders }: Flags, name: ContenderName): boolean => contenders?.includes(name) ?? true;

const planOf = (flags: Flags, rounds: number): Plan => {
  const quick = flags.quick === true;
  const scale = flags.scale ?? (quick ? SCALE.quick : SCALE.full);
  const names = flags.only ?? (quick ? QUICK : FULL);
  const known = scenariosAt(scale);
  const scenarios = names.flatMap(name => known.filter(scenario => scenario.name === name));
  return {
    scenarios: quick ? scenarios.map(hasten) : scenarios,
    roundsOf: (contender, scenario) => {
      if (!isWanted(flags, contender)) return 0;
      return quick ? quickRounds(contender, scenario, rounds) : rounds;
    },
    milliseconds: quick ? QUICK_MS : Infinity,
  };
};

const describeText = ({ outcomes, limits }: Measured, rows: readonly Row[]): string =>
  [describeTable(rows), ...outcomes.map(describeMatrix), limits].join("\n\n");

const asData = (outcome: Outcome): object => ({
  ...outcome,
  results: Object.fromEntries(outcome.results),
});

const describeData = ({ outcomes, limits }: Measured, machine: object): string =>
  JSON.stringify({ machine, limits, outcomes: outcomes.map(asData), targets: judge(outcomes) }, undefined, 2);

const run = (flags: Flags): Promise<void> =>
  inSession(async session => {
    const before = describeMachine();
    session.say(before);
    const rounds = flags.rounds ?? (flags.quick === true ? ROUNDS.quick : ROUNDS.full);
    const measured = await measureDrain({ ...session, rounds }, planOf(flags, rounds));
    const machine = { before, after: describeMachine() };
    const head = `before: ${machine.before}\nafter:  ${machine.after}`;
    const text = `${head}\n\n${describeText(measured, judge(measured.outcomes))}`;
    process.stdout.write(`${flags.output === "json" ? describeData(measured, machine) : text}\n`);
    if (flags.chart !== undefined) writeFileSync(resolve(flags.chart), drawChart(measured.outcomes));
  });

const program = new Command("bench:drain")
  .description("measure how fast nodes are emptied, by changeover and by others")
  .addOption(new Option("--only <names...>", "only these scenarios").choices(NAMES))
  .addOption(new Option("--contenders <names...>", "only these").choices(CONTENDERS.map(({ name }) => name)))
  .option(
    "--rounds <count>",
    `rounds of each scenario; ${ROUNDS.full}, with --quick ${ROUNDS.quick}`,
    positive,
  )
  .option("--scale <factor>", "more or fewer nodes and workloads; 1, with --quick 0.25", scaleOf)
  .option("--quick", `${QUICK.join(", ")}, small, at most five minutes`)
  .addOption(
    new Option("--output <format>", "what goes to stdout").choices(["table", "json"]).default("table"),
  )
  .option("--chart <file.svg>", "write makespans as a picture")
  .addHelpText(
    "after",
    `\nWithout --only: ${FULL.join(", ")}; S7 only by its name. Progress goes to stderr; Ctrl-C cleans up.`,
  )
  .action((flags: Flags) => run(flags));

runProgramLine(program);

/** `npm run bench:drain`: how fast nodes are emptied, by us and by others, on one lab in one run. */
import { readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Command, Option } from "commander";
import { describeMachine, inSession, positive, runProgramLine } from "../session";
import { drawChart } from "./chart";
import { SETTINGS } from "./limits";
import { putResults } from "./markdown";
import { measureDrain } from "./measure";
import { FULL_ROUNDS, planOf, type Wish } from "./plans";
import { QUICK_ROUNDS, QUICK_SCALE } from "./quick";
import { describeData, describeReport, type Report } from "./report";
import { EVERYBODY } from "./scenario";
import { FULL, QUICK, scenariosAt } from "./scenarios";

interface Flags extends Wish {
  readonly output: "table" | "json";
  readonly chart?: string;
  readonly write?: string;
}

const NAMES = scenariosAt(1).map(({ name }) => name);
const CHART = "drain.svg";

const scaleOf = (text: string): number => {
  const scale = Number(text);
  if (Number.isFinite(scale) && scale > 0) return scale;
  throw new Error(`--scale: found "${text}"; allowed is a number above 0`);
};

const commandLine = (): string => ["npm run bench:drain --", ...process.argv.slice(2)].join(" ");

const readPage = (path: string): string => readFileSync(resolve(path), "utf8");

/** Fails before hours are spent, not after them. */
const checkPage = ({ write }: Flags): void => {
  if (write !== undefined) putResults(readPage(write), "");
};

const save = ({ chart, write }: Flags, report: Report): void => {
  const picture = drawChart(report.measured.outcomes);
  if (chart !== undefined) writeFileSync(resolve(chart), picture);
  if (write === undefined) return;
  const text = `${describeReport(report)}\n\n![makespans, medians and ranges, with T*](${CHART})`;
  writeFileSync(resolve(write), putResults(readPage(write), text));
  writeFileSync(join(dirname(resolve(write)), CHART), picture);
};

const run = (flags: Flags): Promise<void> =>
  inSession(async session => {
    checkPage(flags);
    const before = describeMachine();
    session.say(before);
    const plan = planOf(flags);
    const measured = await measureDrain({ ...session, rounds: plan.rounds }, plan);
    const report = { command: commandLine(), machine: { before, after: describeMachine() }, measured };
    const describe = flags.output === "json" ? describeData : describeReport;
    process.stdout.write(`${describe(report)}\n`);
    session.signal.throwIfAborted();
    save(flags, report);
  });

const program = new Command("bench:drain")
  .description("measure how fast nodes are emptied, by changeover and by others")
  .addOption(new Option("--only <names...>", "only these scenarios").choices(NAMES))
  .addOption(new Option("--contenders <names...>", "only these").choices([...EVERYBODY]))
  .option(
    "--rounds <count>",
    `rounds of each scenario; ${FULL_ROUNDS}, with --quick up to ${QUICK_ROUNDS}`,
    positive,
  )
  .option("--scale <factor>", `more or fewer nodes and workloads; 1, with --quick ${QUICK_SCALE}`, scaleOf)
  .option("--quick", `${QUICK.join(", ")}, small, at most five minutes`)
  .addOption(
    new Option("--output <format>", "what goes to stdout").choices(["table", "json"]).default("table"),
  )
  .addOption(
    new Option("--limits <setting>", "what controller manager, scheduler and kwok may do at once")
      .choices([...SETTINGS])
      .default("lab"),
  )
  .option("--logs <folder>", "keep what each contender said, with times")
  .option("--chart <file.svg>", "write makespans as a picture")
  .option("--write <page.md>", `put results between the page's markers, and ${CHART} beside it`)
  .addHelpText(
    "after",
    `\nWithout --only: ${FULL.join(", ")}; S7 only by its name. Progress goes to stderr; Ctrl-C cleans up.`,
  )
  .action((flags: Flags) => run(flags));

runProgramLine(program);

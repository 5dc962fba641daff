/** `npm run bench`: what this product promises about speed and size, measured side by side in one run. */
import { Command, Option } from "commander";
import { measureClouds } from "./clouds";
import { measureDemo } from "./demo";
import { measureLabStart } from "./labStart";
import { measureMigration } from "./migration/measure";
import { measurePreview } from "./preview";
import type { Bench, Measurement, Row } from "./row";
import { describeMachine, inSession, positive, runProgramLine } from "./session";
import { describeJson, describeTable } from "./table";

interface Entry {
  readonly measure: Measurement;
  readonly rounds: number;
  /** Only when asked for by name. */
  readonly optional?: boolean;
}

const ENTRIES: Readonly<Record<string, Entry>> = {
  preview: { measure: measurePreview, rounds: 5 },
  clouds: { measure: measureClouds, rounds: 9 },
  lab: { measure: measureLabStart, rounds: 3 },
  migration: { measure: measureMigration, rounds: 3 },
  demo: { measure: measureDemo, rounds: 1, optional: true },
};
const NAMES = Object.keys(ENTRIES);

interface Flags {
  readonly only?: readonly string[];
  readonly rounds?: number;
  readonly output: "table" | "json";
}

const measureAll = async (flags: Flags, bench: Omit<Bench, "rounds">): Promise<readonly Row[]> => {
  const rows: Row[] = [];
  const names = flags.only ?? NAMES.filter(name => ENTRIES[name]?.optional !== true);
  for (const name of names) {
    const entry = ENTRIES[name];
    if (entry === undefined) continue;
    bench.say(`== ${name}`);
    rows.push(...(await entry.measure({ ...bench, rounds: flags.rounds ?? entry.rounds })));
  }
  return rows;
};

const run = (flags: Flags): Promise<void> =>
  inSession(async bench => {
    const before = describeMachine();
    bench.say(before);
    const rows = await measureAll(flags, bench);
    const table = `before: ${before}\nafter:  ${describeMachine()}\n\n${describeTable(rows)}`;
    process.stdout.write(`${flags.output === "json" ? describeJson(rows) : table}\n`);
  });

const program = new Command("bench")
  .description("measure speed and size, and print them as a table")
  .addOption(new Option("--only <names...>", "only these").choices(NAMES))
  .option("--rounds <count>", "rounds of each measurement", positive)
  .addOption(
    new Option("--output <format>", "what goes to stdout").choices(["table", "json"]).default("table"),
  )
  .addHelpText(
    "after",
    `\nWithout --only: ${NAMES.filter(name => ENTRIES[name]?.optional !== true).join(", ")}. Progress goes to stderr; Ctrl-C cleans up.`,
  )
  .action((flags: Flags) => run(flags));

runProgramLine(program);

/** `npm run bench`: what this product promises about speed and size, measured side by side in one run. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { destroyLab, listLabs } from "../lab";
import { measureDemo } from "./demo";
import { measureLabStart } from "./labStart";
import { measureMigration } from "./migration/measure";
import { measurePreview } from "./preview";
import type { Bench, Measurement, Row } from "./row";
import { describeJson, describeTable } from "./table";

interface Entry {
  readonly measure: Measurement;
  readonly rounds: number;
  /** Only when asked for by name. */
  readonly optional?: boolean;
}

const ENTRIES: Readonly<Record<string, Entry>> = {
  preview: { measure: measurePreview, rounds: 5 },
  lab: { measure: measureLabStart, rounds: 3 },
  migration: { measure: measureMigration, rounds: 3 },
  demo: { measure: measureDemo, rounds: 1, optional: true },
};
const NAMES = Object.keys(ENTRIES);
const INTERRUPTED = 130;

interface Flags {
  readonly only?: readonly string[];
  readonly rounds?: number;
  readonly output: "table" | "json";
}

const positive = (text: string): number => {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new Error(`--rounds: found "${text}"; allowed is a whole number from 1 on`);
};

const listenForInterrupts = (say: (line: string) => void): AbortSignal => {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) return;
    say("stopping: what was started is taken away");
    controller.abort(new Error("stopped"));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return controller.signal;
};

/** Labs and files of this run, which has a folder of its own for them. */
const clean = async (scratch: string): Promise<void> => {
  for (const { name } of listLabs()) await destroyLab(name);
  rmSync(scratch, { recursive: true, force: true });
};

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

const describeMachine = (): string =>
  `${cpus().length} cores, ${cpus()[0]?.model ?? "unknown"}; load ${loadavg()
    .map(load => load.toFixed(1))
    .join(", ")}; Node.js ${process.version}`;

const run = async (flags: Flags): Promise<void> => {
  const say = (line: string): void => void process.stderr.write(`${line}\n`);
  const signal = listenForInterrupts(say);
  const scratch = mkdtempSync(join(tmpdir(), "changeover-bench-"));
  process.env["CHANGEOVER_LABS"] = join(scratch, "labs");
  mkdirSync(join(scratch, "labs"));
  const before = describeMachine();
  say(before);
  try {
    const rows = await measureAll(flags, { scratch, signal, say });
    const table = `before: ${before}\nafter:  ${describeMachine()}\n\n${describeTable(rows)}`;
    process.stdout.write(`${flags.output === "json" ? describeJson(rows) : table}\n`);
  } catch (error) {
    if (!signal.aborted) throw error;
    process.exitCode = INTERRUPTED;
  } finally {
    await clean(scratch);
  }
};

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

program.parseAsync().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});

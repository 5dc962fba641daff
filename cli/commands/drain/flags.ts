import { accept, refuse, type Result } from "../../../core/result";
import type { DrainCommand } from "../../../operations/drain/commandDrain";
import { chooseBySelector, readNodes } from "./flagNodes";
import { readLadder } from "./flagLadder";
import { readRules } from "./flagRules";
import { flagProblem, type Notes, readDuration, readInteger, readOneOf, startNotes } from "./flagValues";
import type { RawFlags } from "./rawFlags";

const DRY_RUNS = ["none", "client", "server"] as const;
const ALARMS = ["hold", "rollback"] as const;
const FORMS = ["text", "json", "events"] as const;

export type OutputForm = (typeof FORMS)[number];

/** What the user wants, understood. */
export interface DrainWish {
  readonly command: Omit<DrainCommand, "run">;
  readonly output: OutputForm;
  /** Objects a list call asks for at a time; 0 = all at once. */
  readonly chunkSize: number;
  /** Where the run's figures are kept; absent = nowhere. */
  readonly metricsFile?: string;
}

/** Timers hold no more than 24.8 days. */
const FOR_EVER_SECONDS = 24 * 24 * 3_600;

const BOTH_WAYS = flagProblem(
  "--rollback",
  "found --rollback and --abort; one of them is allowed",
  "keep one of them",
);

const NO_GREEN = flagProblem(
  "--rollback",
  "a way back needs to know where the pods went",
  "add --to with the selector of the nodes that take them",
);

const readAlarm = (flags: RawFlags, notes: Notes): DrainCommand["onAlarm"] => {
  const onAlarm = notes.take(readOneOf({ name: "--on-alarm", text: flags.onAlarm }, ALARMS), ALARMS[0]);
  if (onAlarm === "rollback" && !flags.to) notes.note({ ...NO_GREEN, path: "--on-alarm" });
  return onAlarm;
};

const wayOf = ({ rollback, abort }: RawFlags): DrainCommand["way"] => {
  if (abort === true) return "abort";
  return rollback === true ? "rollback" : "drain";
};

const readWay = (flags: RawFlags, notes: Notes): DrainCommand["way"] => {
  if (flags.rollback === true && flags.abort === true) notes.note(BOTH_WAYS);
  if (flags.rollback === true && !flags.to) notes.note(NO_GREEN);
  return wayOf(flags);
};

type Chosen = Pick<DrainCommand, "nodes" | "to">;

/** A rollback has the roles swapped: what was filled is emptied. */
const readChosen = (names: readonly string[], flags: RawFlags, notes: Notes): Chosen | undefined => {
  const blue = notes.take(readNodes({ ...flags, names }), undefined);
  const green = flags.to ? notes.take(chooseBySelector("--to", flags.to), undefined) : undefined;
  if (blue === undefined) return undefined;
  if (green === undefined) return { nodes: blue };
  return flags.rollback === true ? { nodes: green, to: blue } : { nodes: blue, to: green };
};

type Times = Pick<DrainCommand, "deadlineSeconds" | "timeoutSeconds" | "leaseWaitMs">;

const readTimes = (flags: RawFlags, notes: Notes): Times => {
  const ms = (name: string, text: string): number => notes.take(readDuration({ name, text }), 0);
  const orForEver = (millis: number): number =>
    millis === 0 ? FOR_EVER_SECONDS : Math.min(FOR_EVER_SECONDS, millis / 1000);
  return {
    deadlineSeconds: orForEver(ms("--timeout", flags.timeout)),
    timeoutSeconds: orForEver(ms("--stall-timeout", flags.stallTimeout)),
    leaseWaitMs: ms("--lease-wait", flags.leaseWait),
  };
};

/** All flags understood, or everything that is wrong with them at once. */
export const readFlags = (names: readonly string[], flags: RawFlags): Result<DrainWish> => {
  const notes = startNotes();
  const way = readWay(flags, notes);
  const chosen = readChosen(names, flags, notes);
  const rules = readRules(flags, notes);
  const ladder = readLadder(flags.allow ?? [], notes);
  const onAlarm = readAlarm(flags, notes);
  const times = readTimes(flags, notes);
  const chunk = { name: "--chunk-size", text: flags.chunkSize };
  const chunkSize = notes.take(readInteger(chunk, { least: 0, example: 500 }), 500);
  const dry = { name: "--dry-run", text: flags.dryRun };
  const dryRun = notes.take(readOneOf(dry, DRY_RUNS), DRY_RUNS[0]);
  const form = { name: "--output", text: flags.output };
  const output = notes.take(readOneOf(form, FORMS), FORMS[0]);
  if (notes.problems.length > 0 || chosen === undefined) return refuse(notes.problems);
  const command = { way, ...chosen, dryRun, rules, ladder, onAlarm, ...times };
  const { metricsFile } = flags;
  return accept({ command, output, chunkSize, ...(metricsFile ? { metricsFile } : {}) });
};

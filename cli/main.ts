/* eslint-disable @typescript-eslint/no-require-imports -- a command's modules are loaded when it runs, so that help stays fast */
import { Command, CommanderError } from "commander";
import type * as adopt from "./commands/adopt";
import type * as demo from "./commands/demo";
import type * as drain from "./commands/drain";
import type * as edits from "./commands/edits";
import type * as example from "./commands/example";
import type * as lab from "./commands/lab";
import type * as pin from "./commands/pin";
import type * as permissions from "./commands/permissions";
import type * as plan from "./commands/plan";
import type * as recover from "./commands/recover";
import { ProblemError } from "../core/problem";
import { INTERRUPTED, Interrupted } from "./interrupt";

interface Entry {
  readonly name: string;
  readonly summary: string;
  readonly load: () => Command;
}

const loadEdits = (): typeof edits => require("./commands/edits") as typeof edits;

/** Every command, in the order in which help shows them. */
const COMMANDS: readonly Entry[] = [
  {
    name: "demo",
    summary: "a whole upgrade on this machine, watched by an independent auditor",
    load: () => (require("./commands/demo") as typeof demo).demoCommand(),
  },
  {
    name: "example",
    summary: "patterns of upgrades, each run for real on this machine",
    load: () => (require("./commands/example") as typeof example).exampleCommand(),
  },
  {
    name: "lab",
    summary: "local clusters: real control planes, simulated nodes",
    load: () => (require("./commands/lab") as typeof lab).labCommand(),
  },
  {
    name: "plan",
    summary: "the chain of `pulumi up`s from the live cluster to the desired version",
    load: () => (require("./commands/plan") as typeof plan).planCommand(),
  },
  {
    name: "drain",
    summary: "empty nodes of any cluster: as fast as its disruption budgets allow",
    load: () => (require("./commands/drain") as typeof drain).drainCommand(),
  },
  {
    name: "adopt",
    summary: "take over an existing cluster and its pools, as they are",
    load: () => (require("./commands/adopt") as typeof adopt).adoptCommand(),
  },
  {
    name: "pin",
    summary: "write the newest exact image of each pool into the config",
    load: () => (require("./commands/pin") as typeof pin).pinCommand(),
  },
  {
    name: "rollback",
    summary: "write the edits that bring pools back to the generation they ran on before",
    load: () => loadEdits().rollbackCommand(),
  },
  {
    name: "retire",
    summary: "staged pools: move on, keep the present generation frozen",
    load: () => loadEdits().retireCommand(),
  },
  {
    name: "hold",
    summary: "keep a pool's present generation while others go on",
    load: () => loadEdits().holdCommand(),
  },
  {
    name: "permissions",
    summary: "the role that `pulumi up` needs on a cloud",
    load: () => (require("./commands/permissions") as typeof permissions).permissionsCommand(),
  },
  {
    name: "recover",
    summary: "after a killed `pulumi up`: take what the cloud made into state",
    load: () => (require("./commands/recover") as typeof recover).recoverCommand(),
  },
];

const stub = ({ name, summary }: Entry): Command => new Command(name).description(summary);

/** The program with only the wanted command loaded; the others are names for help. */
export const programFor = (args: readonly string[]): Command => {
  const [first, second] = args.filter(arg => !arg.startsWith("-"));
  const wanted = first === "help" ? second : first;
  const program = new Command("changeover")
    .description("A Kubernetes upgrade is a change of a desired version.")
    .showHelpAfterError("(see `changeover --help`)")
    .exitOverride();
  for (const entry of COMMANDS) program.addCommand(entry.name === wanted ? entry.load() : stub(entry));
  return program.addHelpText("after", "\nEach command has its own help: changeover lab --help");
};

const describeFailure = (error: unknown): string => {
  if (error instanceof ProblemError || error instanceof Interrupted) return error.message;
  if (!(error instanceof Error)) return String(error);
  return process.env["DEBUG"] === undefined
    ? `${error.message}\n(DEBUG=1 shows where)`
    : (error.stack ?? error.message);
};

const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode;
  return error instanceof Interrupted ? INTERRUPTED : 1;
};

export const main = async (argv: readonly string[]): Promise<void> => {
  try {
    await programFor(argv.slice(2)).parseAsync(argv);
  } catch (error) {
    // Commander has said its own word by now.
    if (!(error instanceof CommanderError)) process.stderr.write(`${describeFailure(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
};

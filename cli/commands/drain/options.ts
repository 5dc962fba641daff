import { Command, Option } from "commander";
import { asSwitch, type FlagRow, nameOf } from "./flagTable";

class KubectlCommand extends Command {
  override parseOptions(args: string[]): ReturnType<Command["parseOptions"]> {
    return super.parseOptions(args.map(asSwitch));
  }
}

const append = (text: string, former: readonly string[] = []): readonly string[] => [
  ...former,
  ...text.split(","),
];

const optionOf = ({ flags, words, kind, initial }: FlagRow): Option => {
  const option = new Option(flags, words);
  if (kind === "list") return option.argParser(append);
  return initial === undefined ? option : option.default(initial);
};

/** A command with these flags. The off half of each switch is understood, but not worth a line of help. */
export const drainFlags = (name: string, rows: readonly FlagRow[]): Command => {
  const command: Command = new KubectlCommand(name);
  for (const row of rows) command.addOption(optionOf(row));
  const switches = rows.filter(({ kind }) => kind === "switch").map(nameOf);
  for (const each of switches) command.addOption(new Option(`--no-${each}`).hideHelp());
  return command;
};

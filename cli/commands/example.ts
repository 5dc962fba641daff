import { Command } from "commander";
import { listExamples, readExample } from "../../lab/demo/catalogue";
import { play, type PlayFlags, PROGRAM, withPlayOptions } from "./play";

const asText = (names: readonly string[]): string => {
  const width = Math.max(...names.map(name => name.length));
  const lines = names.flatMap(name => {
    const { title, shows } = readExample(PROGRAM, name);
    return [`${name.padEnd(width)}  ${title}`, ...shows.map(line => `${" ".repeat(width)}    ${line}`)];
  });
  return [...lines, "", "npx changeover example NAME runs one; examples/NAME/README.md tells of it"].join(
    "\n",
  );
};

const asJson = (names: readonly string[]): string =>
  JSON.stringify(
    names.map(name => {
      const { title, shows } = readExample(PROGRAM, name);
      return { name, title, shows };
    }),
    undefined,
    2,
  );

/** `changeover example`: patterns of upgrades, each run for real on this machine. */
export const exampleCommand = (): Command =>
  withPlayOptions(
    new Command("example")
      .description("list the examples, or run one: its stack, its changes, the real Pulumi CLI, an auditor")
      .argument("[name]", "the example to run; without it they are listed"),
  ).action(async (name: string | undefined, flags: PlayFlags) => {
    const names = listExamples(PROGRAM);
    if (name !== undefined) await play(readExample(PROGRAM, name), flags);
    else process.stdout.write(`${flags.output === "json" ? asJson(names) : asText(names)}\n`);
  });

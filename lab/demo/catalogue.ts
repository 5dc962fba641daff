/** The scenarios there are: those of the demo, one for each of the repository's stacks, and the examples. */
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { ProblemError } from "../../core/problem";
import { readScenario, type Scenario } from "./scenario";

export const DEMO_STACKS = ["local", "staging", "prod"] as const;

/** @param program folder of this repository, or of the package: its stacks are in it. */
export const readDemo = (program: string, stack: (typeof DEMO_STACKS)[number]): Scenario =>
  readScenario(stack, join(__dirname, "scenarios", `${stack}.yaml`), program);

const fileOf = (program: string, name: string): string => join(program, "examples", name, "scenario.yaml");

/** Names of the examples that can be run, in alphabetical order. */
export const listExamples = (program: string): readonly string[] =>
  readdirSync(join(program, "examples"))
    .filter(name => existsSync(fileOf(program, name)))
    .sort();

export const readExample = (program: string, name: string): Scenario => {
  const names = listExamples(program);
  if (names.includes(name)) return readScenario(name, fileOf(program, name));
  throw new ProblemError("no such example", [
    {
      code: "Example.Unknown",
      path: "example",
      message: `found "${name}"; examples are ${names.join(", ")}`,
      fix: "name one of these",
    },
  ]);
};

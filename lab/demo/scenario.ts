/** What the demo and the examples do to a stack, as data beside its config file. */
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { closed } from "../../core/config/closed";
import { parseBlock } from "../../core/config/parseBlock";
import { ProblemError } from "../../core/problem";

const edit = closed({
  path: z
    .string()
    .min(1)
    .describe(
      'Key by key below `changeover:`, such as "pools.workers.image"; or a key of another namespace, such as "platform:chart".',
    ),
  value: z.unknown().optional().describe("What is written there; absent = the key is removed."),
});

const generations = () =>
  z
    .array(z.string().regex(/^[a-z0-9-]+-\d+-\d+$/, 'is written as pool and minor, such as "workers-1-36"'))
    .default([]);

/** What the preview plans and the `up` then does, no more and no less. */
const plan = closed({
  controlPlane: z.enum(["untouched", "updated"]).default("untouched"),
  create: generations().describe("Generations that come."),
  delete: generations().describe("Generations that go."),
});

/** One reviewed change of the stack's file, and what comes of it. */
const change = closed({
  title: z.string().min(1),
  command: z
    .string()
    .optional()
    .describe('A command of `changeover` that writes edits, run first: "hold workers".'),
  edits: z.array(edit).default([]).describe("Edits as a person makes them, after the command's."),
  refused: z
    .string()
    .optional()
    .describe("Code that the preview refuses with. The change is then taken back, and nothing is run."),
  refusedBy: z
    .enum(["rules", "cloud"])
    .default("rules")
    .describe("Who finds the reason: the rules by config and cluster, or the cloud when it is asked."),
  fails: z
    .string()
    .optional()
    .describe("Code that the `up` ends with, after the control plane and before any pool. The edits stay."),
  plan: plan.prefault({}),
});

/** Changes under the eyes of one auditor: a pod that moves twice in them is found. */
const act = closed({
  title: z.string().min(1),
  mostNodes: z.int().positive().optional().describe("The auditor never sees more nodes than these."),
  acceptsOutage: z
    .boolean()
    .default(false)
    .describe(
      "The stack's config accepts that workloads are away in it: what falls below a floor is told, with its time, and not held against it.",
    ),
  changes: z.array(change).min(1),
});

const scenarioSchema = closed({
  title: z.string().min(1),
  shows: z.array(z.string()).min(1).describe("What is seen, a line each."),
  stack: z
    .string()
    .regex(/^Pulumi\.[\w-]+\.yaml$/)
    .describe("Name of the stack's config file."),
  program: z
    .literal("own")
    .optional()
    .describe(
      "The example's folder holds a program of its own, with charts: its Kubernetes provider is stood in for.",
    ),
  workloads: z.enum(["shop", "corner", "gpu", "burst"]).default("shop"),
  rehearsal: z
    .array(edit)
    .default([])
    .describe("What is other than in the file from the start, to take less time; said on screen."),
  acts: z.array(act).min(1),
  unprotect: z
    .array(edit)
    .default([])
    .describe("Edits that lift what keeps the stack from being destroyed, when all is over."),
});

export type Change = Readonly<z.output<typeof change>>;
export type PlannedChange = Readonly<z.output<typeof plan>>;
export type TextEdit = Readonly<z.output<typeof edit>>;
export type Act = Readonly<z.output<typeof act>>;
export type Workloads = Scenario["workloads"];

export interface Scenario extends Readonly<z.output<typeof scenarioSchema>> {
  readonly name: string;
  /** Folder of the program, where the scenario has one of its own. */
  readonly ownProgram?: string;
  /** The stack's config as it is written. */
  readonly stackText: string;
}

/** @throws ProblemError with all that is wrong in the file. */
export const readScenario = (name: string, file: string, stackFolder = dirname(file)): Scenario => {
  const parsed = parseBlock(scenarioSchema, parse(readFileSync(file, "utf8")), basename(file));
  if (!parsed.ok) throw new ProblemError(`${file} is refused`, parsed.problems);
  const stackText = readFileSync(join(stackFolder, parsed.value.stack), "utf8");
  const own = parsed.value.program === "own" ? { ownProgram: dirname(file) } : {};
  return { ...parsed.value, ...own, name, stackText };
};

import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Document, parseDocument } from "yaml";
import { parseStack, type StackSpec } from "../core/config";
import type { Edit } from "../core/config/edit";
import { ProblemError, type Problem } from "../core/problem";

const NAMESPACE = "changeover";

/** A stack's config file, open for edits that keep its comments and order. */
export interface StackFile {
  readonly path: string;
  readonly spec: StackSpec;
  readonly apply: (edits: readonly Edit[]) => void;
}

/** Opens `Pulumi.<stack>.yaml` below `dir`. Refuses a missing file and a config with problems, all at once. */
export const openStackFile = (dir: string, stack: string): StackFile => {
  const path = join(dir, `Pulumi.${stack}.yaml`);
  if (!existsSync(path)) throw new ProblemError("no such stack", [missing(path, stack)]);
  const document = parseDocument(readFileSync(path, "utf8"));
  const parsed = parseStack(rawOf(document));
  if (!parsed.ok) throw new ProblemError(`${path} is refused`, parsed.problems);
  return { path, spec: parsed.value, apply: edits => write(path, change(document, edits)) };
};

const rawOf = (document: Document): Record<string, unknown> => {
  const { config = {} } = (document.toJS() ?? {}) as { config?: Record<string, unknown> };
  const prefix = `${NAMESPACE}:`;
  const ours = Object.entries(config).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(ours.map(([key, value]) => [key.slice(prefix.length), value]));
};

const change = (document: Document, edits: readonly Edit[]): string => {
  for (const { path, value } of edits) {
    const [key = "", ...rest] = path;
    const where = ["config", `${NAMESPACE}:${key}`, ...rest];
    if (value === undefined) document.deleteIn(where);
    else document.setIn(where, document.createNode(value));
  }
  return document.toString({ lineWidth: 0 });
};

/** Whole or not at all: an interrupted write leaves the old file. */
const write = (path: string, text: string): void => {
  const fresh = `${path}.${process.pid}.new`;
  writeFileSync(fresh, text);
  renameSync(fresh, path);
};

const missing = (path: string, stack: string): Problem => ({
  code: "Cli.NoStackFile",
  path,
  message: `there is no config file for the stack "${stack}" here`,
  fix: "run this in the folder of your Pulumi program, or name it with --cwd; `pulumi stack ls` lists the stacks",
});

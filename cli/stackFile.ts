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

/** The same before it is judged: for commands that put right what it lacks. */
export interface RawStackFile {
  readonly path: string;
  /** What stands under `changeover:`, unread. */
  readonly raw: Readonly<Record<string, unknown>>;
  /** The file's text after the edits; writes nothing. */
  readonly render: (edits: readonly Edit[]) => string;
  readonly apply: (edits: readonly Edit[]) => void;
}

/** Opens `Pulumi.<stack>.yaml` below `dir`. Refuses a missing file and a config with problems, all at once. */
export const openStackFile = (dir: string, stack: string): StackFile => {
  const { path, raw, apply } = openRawStackFile(dir, stack);
  const parsed = parseStack(raw);
  if (!parsed.ok) throw new ProblemError(`${path} is refused`, parsed.problems);
  return { path, spec: parsed.value, apply };
};

/** Refuses only a missing file, and not even that where one may be begun. */
export const openRawStackFile = (dir: string, stack: string, mayBegin = false): RawStackFile => {
  const path = join(dir, `Pulumi.${stack}.yaml`);
  const there = existsSync(path);
  if (!there && !mayBegin) throw new ProblemError("no such stack", [missing(path, stack)]);
  const text = there ? readFileSync(path, "utf8") : "";
  const render = (edits: readonly Edit[]): string => change(parseDocument(text), edits);
  return { path, raw: rawOf(parseDocument(text)), render, apply: edits => write(path, render(edits)) };
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

/** A stack's config file as text that is edited: comments and order stay, and what changed can be shown. */
import { diff } from "node:util";
import { type Document, parseDocument } from "yaml";
import type { TextEdit } from "./scenario";

const CONFIG = "config";
const keyOf = (path: string): readonly string[] => {
  const [block = "", ...rest] = path.split(".");
  return [CONFIG, block.includes(":") ? block : `changeover:${block}`, ...rest];
};

const textOf = (document: Document): string => document.toString({ lineWidth: 0 });

export const editText = (text: string, edits: readonly TextEdit[]): string => {
  const document = parseDocument(text);
  for (const { path, value } of edits) {
    if (value === undefined) document.deleteIn(keyOf(path));
    else document.setIn(keyOf(path), document.createNode(value));
  }
  return textOf(document);
};

/** The engine's own key; a stack without secrets has it, too. */
export const withSalt = (text: string, salt: string): string => {
  const document = parseDocument(text);
  document.set("encryptionsalt", salt);
  return textOf(document);
};

/** What is below `changeover:`, as the program reads it. */
export const configIn = (text: string): Readonly<Record<string, unknown>> => {
  const { config = {} } = parseDocument(text).toJS() as { readonly config?: Record<string, unknown> };
  const prefix = "changeover:";
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [[key.slice(prefix.length), value]] : [],
    ),
  );
};

const SIGN = { 1: "-", [-1]: "+" } as const;

/** Lines that went and came, without those around them. */
export const describeDiff = (before: string, after: string): readonly string[] =>
  diff(before.split("\n"), after.split("\n")).flatMap(([kind, line]) =>
    kind === 0 ? [] : [`${SIGN[kind]} ${line}`],
  );

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";

/*
 * docs/reference/problems.md: every problem the product can report, read from the sources. Run it after adding one;
 * test/unit/scripts/problemIndex.test.ts fails while the page is stale.
 */

const ROOT = join(__dirname, "..");
const FOLDERS = ["core", "kube", "controlplane", "operations", "components", "cli", "lab"];
export const PAGE = join(ROOT, "docs", "reference", "problems.md");

interface Entry {
  readonly code: string;
  readonly message: string;
  readonly fix: string;
}

const sources = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap(entry => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });

/** A text as it will read, with … for what is filled in at run time. */
const textOf = (node: ts.Expression | undefined): string => {
  if (node === undefined) return "";
  if (ts.isAsExpression(node)) return textOf(node.expression);
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return "…";
  return node.head.text + node.templateSpans.map(span => `…${span.literal.text}`).join("");
};

const valueOf = (literal: ts.ObjectLiteralExpression, name: string): ts.Expression | undefined =>
  literal.properties.find(
    (property): property is ts.PropertyAssignment =>
      ts.isPropertyAssignment(property) && property.name.getText() === name,
  )?.initializer;

const CODE = /^[A-Z][A-Za-z]*\.[A-Z][A-Za-z]*$/;

const entriesIn = (node: ts.Node): Entry[] => {
  const inner = node.getChildren().flatMap(entriesIn);
  if (!ts.isObjectLiteralExpression(node)) return inner;
  const code = textOf(valueOf(node, "code"));
  if (!CODE.test(code)) return inner;
  return [{ code, message: textOf(valueOf(node, "message")), fix: textOf(valueOf(node, "fix")) }, ...inner];
};

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** The page as it should be now. */
export const describeProblemIndex = (): string => {
  const entries = FOLDERS.flatMap(folder => sources(join(ROOT, folder))).flatMap(path =>
    entriesIn(ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true)),
  );
  const rows = entries.map(({ code, message, fix }) => `| \`${code}\` | ${cell(message)} | ${cell(fix)} |`);
  const unique = [...new Set(rows)].sort();
  const head =
    "# Problems\nEvery refusal has a stable code. … stands for what is filled in. Made by `scripts/problemIndex.ts`.\n";
  return [head, "| code | what it says | what to do |", "|---|---|---|", ...unique, ""].join("\n");
};

if (require.main === module) writeFileSync(PAGE, describeProblemIndex());

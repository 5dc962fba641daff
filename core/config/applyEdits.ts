import type { Edit } from "./edit";

type Tree = Readonly<Record<string, unknown>>;

const asTree = (value: unknown): Tree =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Tree) : {};

const setIn = (tree: Tree, [key = "", ...rest]: readonly string[], value: unknown): Tree => {
  const next = rest.length === 0 ? value : setIn(asTree(tree[key]), rest, value);
  const others = Object.entries(tree).filter(([other]) => other !== key || next !== undefined);
  return { ...Object.fromEntries(others), ...(next === undefined ? {} : { [key]: next }) };
};

/** What config says after the edits: the same that the file will say, for judging before anything is written. */
export const applyEdits = (raw: Tree, edits: readonly Edit[]): Tree =>
  edits.reduce((tree, { path, value }) => setIn(tree, path, value), raw);

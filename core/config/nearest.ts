/** The allowed word that the user most likely meant, if any is close enough to be worth naming. */
export const nearest = (found: string, allowed: readonly string[]): string | undefined => {
  const limit = found.length < 4 ? 1 : Math.max(2, Math.floor(found.length / 3));
  return ranked(found, allowed).find(({ edits }) => edits <= limit)?.word;
};

/** All allowed words, those first that look most like what was found. */
export const closest = (found: string, allowed: readonly string[]): readonly string[] =>
  ranked(found, allowed).map(({ word }) => word);

const ranked = (found: string, allowed: readonly string[]) =>
  allowed
    .map(word => ({ word, edits: editDistance(found.toLowerCase(), word.toLowerCase()) }))
    .sort((a, b) => a.edits - b.edits || a.word.localeCompare(b.word));

/** Insertions, deletions and replacements of single letters that turn one word into the other. */
const editDistance = (from: string, to: string): number => {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(from).entries()) {
    row = Array.from(to).reduce<number[]>(
      (next, target, column) => {
        const replaced = (row[column] ?? 0) + Number(letter !== target);
        return [...next, Math.min(replaced, (row[column + 1] ?? 0) + 1, (next[column] ?? 0) + 1)];
      },
      [index + 1],
    );
  }
  return row[to.length] ?? 0;
};

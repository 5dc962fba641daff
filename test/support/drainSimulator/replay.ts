import { type Chapter, CHAPTER_NAMES, drawStory } from "./drawStory";
import { type Told, tellStory } from "./tellStory";

/** How a reader plays a failing seed again. */
export const replayCommand = (seed: number, chapter: Chapter): string =>
  `npx tsx scripts/drainSeed.ts ${seed} --chapter ${chapter} --trace`;

/** Violations with the command that shows them again; empty when the story held every law. */
export const failuresOf = ({ story, violations }: Told, chapter: Chapter): readonly string[] =>
  violations.length === 0 ? [] : [...violations.slice(0, 5), `replay: ${replayCommand(story.seed, chapter)}`];

const isChapter = (text: string | undefined): text is Chapter =>
  text !== undefined && CHAPTER_NAMES.some(name => name === text);

const usage = `usage: tsx scripts/drainSeed.ts SEED [--chapter ${CHAPTER_NAMES.join("|")}] [--trace]`;

const print = (text: string): boolean => process.stdout.write(`${text}\n`);

interface Wish {
  readonly seed: number;
  readonly chapter?: Chapter;
  readonly trace: boolean;
}

const parseWish = (args: readonly string[]): Wish | undefined => {
  const [seed] = args;
  const trace = args.includes("--trace");
  if (!/^\d+$/.test(seed ?? "")) return undefined;
  if (!args.includes("--chapter")) return { seed: Number(seed), trace };
  const chapter = args[args.indexOf("--chapter") + 1];
  return isChapter(chapter) ? { seed: Number(seed), chapter, trace } : undefined;
};

/**
 * Prints one story, what happened in it, and every broken law. Returns the exit code: 0 held, 1 broken, 2 bad input.
 * @public scripts/drainSeed.ts loads it.
 */
export const replaySeed = (args: readonly string[]): number => {
  const wish = parseWish(args);
  if (wish === undefined) {
    print(usage);
    return 2;
  }
  const told = tellStory(drawStory(wish.seed, wish.chapter), { trace: wish.trace });
  print(JSON.stringify(told.story, undefined, 2));
  for (const line of told.trace) print(line);
  print(JSON.stringify({ outcome: told.outcome, calls: told.counts, left: told.left, ready: told.ready }));
  print(told.violations.length === 0 ? "every law held" : told.violations.join("\n"));
  return told.violations.length === 0 ? 0 : 1;
};

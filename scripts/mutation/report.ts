import type { Mutant } from "./operators";

export type Fate = "killed" | "timeout" | "survived" | "noTest";

export interface Judged {
  readonly mutant: Mutant;
  readonly fate: Fate;
  readonly by?: string;
}

export interface Score {
  readonly mutants: number;
  readonly sampledOf: number;
  readonly seed: number;
  /** Test files that failed without any mutant, and so judged none. */
  readonly leftOut: readonly string[];
  readonly killed: number;
  readonly timeout: number;
  readonly survived: number;
  /** In files that no test loads. */
  readonly noTest: number;
  /** Killed or timed out, of those that a test could see. */
  readonly percent: number;
  readonly files: readonly { readonly file: string; readonly seen: number; readonly caught: number }[];
}

const count = (judged: readonly Judged[], fate: Fate): number =>
  judged.filter(one => one.fate === fate).length;

const caught = (judged: readonly Judged[]): number => count(judged, "killed") + count(judged, "timeout");

export const scoreOf = (
  judged: readonly Judged[],
  { sampledOf, seed, leftOut }: Pick<Score, "sampledOf" | "seed" | "leftOut">,
): Score => {
  const seen = judged.filter(({ fate }) => fate !== "noTest");
  const names = [...new Set(seen.map(({ mutant }) => mutant.file))].sort();
  return {
    mutants: judged.length,
    sampledOf,
    seed,
    leftOut,
    killed: count(judged, "killed"),
    timeout: count(judged, "timeout"),
    survived: count(judged, "survived"),
    noTest: count(judged, "noTest"),
    percent: seen.length === 0 ? 0 : Math.round((caught(seen) / seen.length) * 1000) / 10,
    files: names.map(file => {
      const own = seen.filter(({ mutant }) => mutant.file === file);
      return { file, seen: own.length, caught: caught(own) };
    }),
  };
};

const short = (text: string): string => {
  const line = text.replace(/\s+/g, " ");
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
};

const describeMutant = ({ mutant: { file, line, operator, before } }: Judged): string =>
  `${file}:${line} ${operator}: ${short(before)}`;

export const describeScore = (score: Score): string =>
  `${score.percent} % of ${score.mutants - score.noTest} mutants caught (${score.killed} by a failing test, ${score.timeout} by never ending); ` +
  `${score.survived} survived, ${score.noTest} are in files that no test loads. ` +
  (score.mutants < score.sampledOf
    ? `A sample of ${score.mutants} out of ${score.sampledOf}, drawn with seed ${score.seed}.`
    : "All mutants were tried.");

/** The score, each file's share, and the survivors line by line. */
export const describeRun = (score: Score, judged: readonly Judged[]): string =>
  [
    describeScore(score),
    ...(score.leftOut.length > 0 ? [`Left out, they fail as they are: ${score.leftOut.join(", ")}`] : []),
    "",
    ...score.files.map(({ file, seen, caught: dead }) => `${file}: ${dead} of ${seen}`),
    "",
    "Survivors:",
    ...judged
      .filter(({ fate }) => fate === "survived")
      .map(describeMutant)
      .sort(),
  ].join("\n");

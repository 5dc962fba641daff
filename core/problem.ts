/**
 * A problem is data. Expected failures are lists of problems; `throw` is for bugs and the outermost edge.
 * `code` is stable (`Area.Reason`) and listed in the docs; `path` is a config path or an object's `namespace/name`.
 */
export interface Problem {
  readonly code: `${string}.${string}`;
  readonly path: string;
  /** Where, what was found, what is allowed. */
  readonly message: string;
  /** What to do next, as an instruction. */
  readonly fix: string;
  /** Link to the platform's own text when the rule is platform law. */
  readonly source?: string;
}

/** One problem as two lines of text: what is wrong, then what to do. */
export const describeProblem = (problem: Problem): string => {
  const source = problem.source === undefined ? "" : ` (${problem.source})`;
  return `${problem.code} at ${problem.path}: ${problem.message}\n    fix: ${problem.fix}${source}`;
};

/** All problems, sorted by path then code, so that the same situation always gives the same text. */
export const describeProblems = (problems: readonly Problem[]): string =>
  [...problems]
    .sort((a, b) => a.path.localeCompare(b.path) || a.code.localeCompare(b.code))
    .map(problem => `  - ${describeProblem(problem)}`)
    .join("\n");

/** Carries problems over an edge that can only throw. The message lists them all. */
export class ProblemError extends Error {
  declare readonly problems: readonly Problem[];

  constructor(title: string, problems: readonly Problem[]) {
    super(`${title}\n${describeProblems(problems)}`);
    this.name = "ProblemError";
    Object.defineProperty(this, "problems", { value: problems, enumerable: true });
  }
}

import type { CloudReadiness } from "../../operations/ports";

/** One line a problem, as a user sees it. */
export const linesOf = (problems: CloudReadiness["blockers"]): readonly string[] =>
  problems.map(({ code, message, fix }) => `${code}: ${message} | ${fix}`);

/** Codes of what refuses, and of what is only said. */
export const codesOf = ({ blockers, warnings }: CloudReadiness): readonly (readonly string[])[] => [
  blockers.map(({ code }) => code),
  warnings.map(({ code }) => code),
];

import { compareText } from "../scope";
import type { BudgetCode } from "./budgetCode";
import type { DrainPlan, Finding } from "./plan";

const NAMES_SHOWN = 3;

/** "a, b, c … (4 more)", sorted. */
const describeSubjects = (names: readonly string[]): string => {
  const shown = [...names].sort(compareText).slice(0, NAMES_SHOWN).join(", ");
  const more = names.length - NAMES_SHOWN;
  return more > 0 ? `${shown} … (${more} more)` : shown;
};

const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? "" : "s"}`;

const describeNodes = ({ nodes }: DrainPlan): string =>
  nodes.length === 0
    ? "no node to empty"
    : `${count(nodes.length, "node")} to empty: ${describeSubjects(nodes)}`;

const describePods = ({ pods }: DrainPlan): string =>
  `${count(pods.total, "pod")} on them: ${pods.move} move, ${pods.wait} are waited for, ${pods.ignored} are left alone, ${pods.blocked} are blocked`;

const CODES: readonly BudgetCode[] = [
  "OK",
  "SHARED",
  "BUSY",
  "BLOCKED_BY_SPEC",
  "UNHEALTHY_DEADLOCK",
  "MULTIPLE_PDBS",
  "SYNC_FAILED",
  "NONE",
];

const describeBudgets = ({ budgets }: DrainPlan): readonly string[] => {
  if (budgets.length === 0) return [];
  const parts = CODES.flatMap(code => {
    const number = budgets.filter(budget => budget.code === code).length;
    return number === 0 ? [] : [`${number} ${code}`];
  });
  return [`${count(budgets.length, "budget")}: ${parts.join(", ")}`];
};

const describeTimes = ({ bound, predictedSeconds }: DrainPlan): string =>
  `no drainer can be faster than ${bound.seconds} s (${bound.words}); predicted ${predictedSeconds} s`;

const describeFinding = ({ severity, code, message, fix, subjects }: Finding): readonly string[] => [
  `${severity} ${code}: ${message}${subjects.length === 0 ? "" : `: ${describeSubjects(subjects)}`}`,
  ...(fix === "" ? [] : [`    fix: ${fix}`]),
];

/** The plan as text: what would be done, then what stands in its way, the gravest first. */
export const describePlan = (plan: DrainPlan): readonly string[] => [
  describeNodes(plan),
  describePods(plan),
  ...describeBudgets(plan),
  `room for them: ${plan.capacity.verdict}`,
  describeTimes(plan),
  ...plan.findings.flatMap(describeFinding),
];

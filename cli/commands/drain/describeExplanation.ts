import type { CapacityProof } from "../../../core/drain/capacity";
import type { PodExplanation } from "../../../core/drain/plan/explain";
import type { FilterOpinion, PodVerdict } from "../../../core/drain/filters";
import type { BudgetVerdict } from "../../../core/drain/plan/plan";
import type { Explanation } from "../../../operations/drain/commandExplain";

const FATE: Readonly<Record<PodVerdict["kind"], string>> = {
  move: "would be moved",
  block: "would NOT be moved",
  ignore: "is left where it is and does not count",
  wait: "is on its way out already",
  waitCompleted: "is waited for until it has completed",
};

const fixOf = (fix: string): readonly string[] => (fix === "" ? [] : [`      fix: ${fix}`]);

const describeOpinion = ({ filter, verdict, disregarded, decides }: FilterOpinion): readonly string[] => {
  if (verdict === undefined || verdict.kind === "move") return [`    ${filter}: nothing against it`];
  const weight = disregarded ? " (disregarded)" : decides ? " (decides)" : "";
  return [`    ${filter}: ${verdict.code}${weight}: ${verdict.message}`, ...fixOf(verdict.fix)];
};

const describeBudget = (budget: BudgetVerdict | undefined): readonly string[] => {
  if (budget === undefined) return [];
  const { code, message, fix, allowed, needs, has } = budget;
  return [
    `  budget ${budget.budget}: ${code}, ${allowed} may go now (needs ${needs} has ${has})`,
    ...(message === "" ? [] : [`    ${message}`]),
    ...fixOf(fix),
  ];
};

const describePod = (explained: PodExplanation): readonly string[] => {
  const { pod, node, verdict, opinions, warnings, budget } = explained;
  return [
    `${pod}${node === undefined ? "" : ` on ${node}`} ${FATE[verdict.kind]}`,
    "  filters, in the order in which they are asked:",
    ...opinions.flatMap(describeOpinion),
    ...warnings.flatMap(({ code, message, fix }) => [`  warning ${code}: ${message}`, ...fixOf(fix)]),
    ...describeBudget(budget),
  ];
};

/** One line for each of many pods: the verdict that decides, and the budget. */
const describeShort = ({ pod, verdict, budget }: PodExplanation): string => {
  const why = verdict.kind === "move" ? "" : `: ${verdict.code}, ${verdict.message}`;
  const held = budget === undefined ? "" : `; ${budget.budget} ${budget.code}`;
  return `  ${pod} ${FATE[verdict.kind]}${why}${held}`;
};

const describeRoom = (proof: CapacityProof | undefined): readonly string[] =>
  proof === undefined
    ? []
    : [
        `room elsewhere for all that would move with it: ${proof.verdict}`,
        ...proof.reasons.map(reason => `  ${reason}`),
      ];

/** A single pod with every filter's opinion, several pods in one line each. */
export const describeExplanation = ({ subject, pods, capacity }: Explanation): readonly string[] => {
  const [only, ...others] = pods;
  if (only === undefined) return [`nothing runs on ${subject}`];
  const body =
    others.length === 0
      ? describePod(only)
      : [`${pods.length} pods on ${subject}:`, ...pods.map(describeShort)];
  return [...body, ...describeRoom(capacity)];
};

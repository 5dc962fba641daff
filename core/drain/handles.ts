import type { BudgetFact } from "./facts";
import type { Labels } from "./labels";

type Selecting = Pick<BudgetFact, "namespace" | "selector">;

const ANY = "*";

/**
 * One label that every pod of this budget must have, as `namespace key=value`; the longest one, because it is most
 * likely to be the workload's own. A budget without such a label is found under `namespace *`.
 */
export const handleOf = ({ namespace, selector }: Selecting): string => {
  const labels = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => `${key}=${value}`);
  return `${namespace} ${labels.reduce((longest, label) => (label.length > longest.length ? label : longest), ANY)}`;
};

/** Where the budgets that may select a pod are to be looked for. */
export const handlesFor = (pod: {
  readonly namespace: string;
  readonly labels: Labels;
}): readonly string[] => [
  `${pod.namespace} ${ANY}`,
  ...Object.entries(pod.labels).map(([key, value]) => `${pod.namespace} ${key}=${value}`),
];

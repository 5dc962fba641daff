import type { DrainOutcome } from "../../../../core/drain/report";
import type { BudgetRule, Story, StoryBudget, StoryWorkload } from "../story";
import { floorOfRule, isEvictable } from "./arithmetic";

export interface Expectation {
  readonly outcomes: "any" | readonly DrainOutcome["kind"][];
  /** Workloads that no patience moves. */
  readonly stuck: readonly string[];
}

const replicasOf = (story: Story, { name, replicas }: StoryWorkload): readonly number[] => [
  replicas,
  ...story.mishaps.flatMap(mishap =>
    mishap.kind === "scale" && mishap.workload === name ? [mishap.replicas] : [],
  ),
];

const rulesOf = (story: Story, budget: StoryBudget): readonly BudgetRule[] => [
  budget,
  ...story.mishaps.flatMap(mishap =>
    mishap.kind === "editBudget" && mishap.budget === budget.name ? [mishap.rule] : [],
  ),
];

const isStatic = (rule: BudgetRule): boolean => typeof rule.minAvailable === "number";

/** As the server does: a pod that is not Ready goes only while enough others are, and some must be. */
const freesBroken = (budget: StoryBudget, floor: number, healthy: number): boolean =>
  budget.alwaysAllow === true || (floor > 0 && healthy >= floor) || healthy > floor;

/** Does every wish and every rule this budget ever has leave room for one pod to go? */
const leavesRoom = (story: Story, budget: StoryBudget): boolean => {
  const members = story.workloads.filter(({ name }) => budget.selects.includes(name));
  const wanted = members.reduce((sum, member) => sum + Math.min(...replicasOf(story, member)), 0);
  const broken = members.reduce((sum, member) => sum + (member.broken ?? 0), 0);
  const scalable = members.every(({ kind }) => kind === "Deployment" || kind === "StatefulSet");
  return rulesOf(story, budget).every(rule => {
    const floor = floorOfRule(rule, wanted);
    const roomy =
      floor < Math.max(1, wanted) && (broken === 0 || freesBroken(budget, floor, wanted - broken));
    return roomy && (scalable || isStatic(rule));
  });
};

const pdbsOf = (story: Story, workload: string): readonly StoryBudget[] =>
  story.budgets.filter(({ selects }) => selects.includes(workload));

const isStuck = (story: Story, workload: StoryWorkload): boolean => {
  const budgets = pdbsOf(story, workload.name);
  // A neighbour under the same budget that cannot move may hold its slots for good.
  const tangled = budgets.some(({ selects }) => selects.some(name => pdbsOf(story, name).length > 1));
  return tangled || budgets.some(budget => !leavesRoom(story, budget));
};

const onBlue = ({ replicas, onGreen = 0 }: StoryWorkload): number => replicas - onGreen;

/** What somebody may change by hand while it runs, so that the end depends on when it happens. */
const CHANGES = new Set(["editBudget", "dropBudget", "scale", "loseNode", "foreignDrain", "latePod"]);

/** A budget over several workloads may be held by pods that cannot move, or may not be: both ends are right. */
const hasTangle = (story: Story): boolean => story.budgets.some(({ selects }) => selects.length > 1);

const naturalEnds = (story: Story, blocking: boolean): readonly DrainOutcome["kind"][] => {
  if (!blocking) return ["drained"];
  return hasTangle(story) ? ["blocked", "drained"] : ["blocked"];
};

export const expectationOf = (story: Story): Expectation => {
  const candidates = story.workloads.filter(one => one.kind !== "DaemonSet" && one.kind !== "Static");
  const stuck = candidates.filter(one => isStuck(story, one)).map(({ name }) => name);
  const stays = candidates.filter(one => !isEvictable(one) || stuck.includes(one.name));
  const has = (kind: string): boolean => story.mishaps.some(mishap => mishap.kind === kind);
  const changed = story.mishaps.some(({ kind }) => CHANGES.has(kind));
  if (story.wire.kinds.includes("forbidden") || (stays.length > 0 && changed))
    return { outcomes: "any", stuck };
  const ends = naturalEnds(
    story,
    stays.some(one => onBlue(one) > 0),
  );
  return { outcomes: has("cancel") ? ["stopped", ...ends] : ends, stuck };
};

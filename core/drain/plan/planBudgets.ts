import type { BudgetFact } from "../facts";
import { indexSelectors } from "../selectorIndex";
import { compareText } from "../scope";
import { syntheticLimit } from "../workloads";
import { fullName } from "../world";
import { type BudgetVerdict, judgeBudget, judgeManyBudgets } from "./budgetVerdicts";
import { type Owner, ownersOf } from "./owners";
import type { PlanFacts, PlanPod } from "./planFacts";

/** Pods of the drain under one budget, or under several PDBs that forbid each other. */
export interface BudgetGroup {
  readonly verdict: BudgetVerdict;
  readonly pods: readonly PlanPod[];
  readonly owners: readonly Owner[];
  /** How many may be down at once when all is well. */
  readonly limit: number;
}

export interface PlanBudgets {
  readonly groups: readonly BudgetGroup[];
  /** Pods whose owner is not known: nothing can be promised for them. */
  readonly strangers: readonly PlanPod[];
}

interface Draft {
  readonly facts: readonly BudgetFact[];
  readonly pods: PlanPod[];
  readonly owners: Map<string, Owner>;
}

const draftIn = (table: Map<string, Draft>, key: string, facts: readonly BudgetFact[]): Draft => {
  const known = table.get(key);
  if (known !== undefined) return known;
  const draft: Draft = { facts, pods: [], owners: new Map() };
  table.set(key, draft);
  return draft;
};

const isLive = ({ phase }: PlanPod): boolean => phase !== "Succeeded" && phase !== "Failed";

const pdbGroup = (now: number, { facts, pods, owners }: Draft): BudgetGroup => {
  const sorted = [...owners.values()].sort((a, b) => compareText(a.title, b.title));
  const governed = { now, moving: pods, workloads: sorted };
  const [fact] = facts;
  const verdict =
    fact !== undefined && facts.length === 1
      ? judgeBudget(fact, governed)
      : judgeManyBudgets(facts, governed);
  return { verdict, pods, owners: sorted, limit: Math.max(1, verdict.expected - verdict.needs) };
};

const ownGroup = (owner: Owner, pods: readonly PlanPod[], ready: number): BudgetGroup => {
  const desired = owner.desired ?? pods.length;
  const limit = syntheticLimit(owner.kind, desired);
  const verdict: BudgetVerdict = {
    code: "NONE",
    budget: `${owner.title} (no PDB)`,
    pods: pods.length,
    allowed: Math.max(0, limit - Math.max(0, desired - ready)),
    needs: Math.max(0, desired - limit),
    has: ready,
    expected: desired,
    workloads: [owner.title],
    message: `no PDB: ${limit} may be down at a time by our own rule`,
    fix: "",
  };
  return { verdict, pods, owners: [owner], limit };
};

const keyOf = (facts: readonly BudgetFact[]): string => facts.map(fullName).sort(compareText).join(" ");

interface Sorting {
  readonly pdbs: Map<string, Draft>;
  readonly own: Map<string, Draft>;
  /** Ready pods by owner. */
  readonly ready: Map<string, number>;
  readonly strangers: PlanPod[];
}

interface Found {
  readonly pod: PlanPod;
  readonly owner: Owner | undefined;
  readonly moves: boolean;
}

const fileUnderPdbs = (
  sorting: Sorting,
  facts: readonly BudgetFact[],
  { pod, owner, moves }: Found,
): void => {
  const draft = draftIn(sorting.pdbs, keyOf(facts), facts);
  if (moves) draft.pods.push(pod);
  if (owner !== undefined) draft.owners.set(owner.title, owner);
};

const fileUnderOwner = ({ own, strangers }: Sorting, { pod, owner, moves }: Found): void => {
  if (!moves) return;
  if (owner === undefined) {
    strangers.push(pod);
    return;
  }
  const draft = draftIn(own, owner.title, []);
  draft.pods.push(pod);
  draft.owners.set(owner.title, owner);
};

/** One walk over all pods: a budget's owners are those of every pod it selects, wherever it runs. */
const sortPods = (facts: PlanFacts, moving: ReadonlySet<PlanPod>): Sorting => {
  const ownerOf = ownersOf(facts.workloads);
  const index = indexSelectors(facts.budgets, fact => fact);
  const sorting: Sorting = { pdbs: new Map(), own: new Map(), ready: new Map(), strangers: [] };
  for (const pod of facts.pods.filter(isLive)) {
    const found = { pod, owner: ownerOf(pod), moves: moving.has(pod) };
    const title = found.owner?.title ?? "";
    if (pod.ready) sorting.ready.set(title, (sorting.ready.get(title) ?? 0) + 1);
    const pdbs = index.of(pod);
    if (pdbs.length > 0) fileUnderPdbs(sorting, pdbs, found);
    else fileUnderOwner(sorting, found);
  }
  return sorting;
};

const byName = (a: BudgetGroup, b: BudgetGroup): number => compareText(a.verdict.budget, b.verdict.budget);

/** Every budget that has a word in the drain, sorted by name. */
export const planBudgets = (facts: PlanFacts, moving: readonly PlanPod[]): PlanBudgets => {
  const { pdbs, own, ready, strangers } = sortPods(facts, new Set(moving));
  const concerned = [...pdbs.values()].filter(({ pods }) => pods.length > 0);
  const groups = [
    ...concerned.map(draft => pdbGroup(facts.now, draft)),
    ...[...own.values()].flatMap(({ owners, pods }) =>
      [...owners.values()].map(owner => ownGroup(owner, pods, ready.get(owner.title) ?? 0)),
    ),
  ];
  return { groups: groups.sort(byName), strangers };
};

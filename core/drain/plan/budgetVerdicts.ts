import type { BudgetFact, PodFact } from "../facts";
import { compareText } from "../scope";
import { fullName } from "../world";
import type { BudgetCode } from "./budgetCode";
import { wayOut } from "./wayOut";

/** What one budget says about the drain. */
export interface BudgetVerdict {
  readonly code: BudgetCode;
  /** As the reader knows it: `PDB shop/web`, or the workload where the engine sets a budget of its own. */
  readonly budget: string;
  /** Pods of the drain that it governs. */
  readonly pods: number;
  /** Pods that may go now. */
  readonly allowed: number;
  readonly needs: number;
  readonly has: number;
  readonly expected: number;
  /** Whose pods it selects: `Kind namespace/name`, sorted. */
  readonly workloads: readonly string[];
  readonly message: string;
  /** The way out; empty where none is needed. */
  readonly fix: string;
}

/** One PDB and what it selects. */
export interface GovernedPods {
  readonly now: number;
  /** Pods of the drain. */
  readonly moving: readonly PodFact[];
  /** Everything that makes the pods it selects. */
  readonly workloads: readonly GovernedWorkload[];
}

export interface GovernedWorkload {
  readonly namespace: string;
  readonly kind: string;
  readonly name: string;
  /** Absent = not known. */
  readonly desired?: number;
}

/** Codes with which no pod of the budget will ever be let go as things are. */
export const HELD: ReadonlySet<BudgetCode> = new Set([
  "BLOCKED_BY_SPEC",
  "UNHEALTHY_DEADLOCK",
  "MULTIPLE_PDBS",
  "SYNC_FAILED",
]);

/** A pod that is not Ready for this long after its creation is taken as broken, not as starting. */
const BROKEN_AFTER_MS = 60_000;

const isNone = (amount: number | string | undefined): boolean => amount === 0 || amount === "0%";

/** Undefined when some owner's wish is not known. */
const wantedPods = ({ workloads }: GovernedPods): number | undefined =>
  workloads.reduce<number | undefined>(
    (sum, { desired }) => (sum === undefined || desired === undefined ? undefined : sum + desired),
    0,
  );

/** True when no pod may go even with every pod healthy: the spec alone says so. */
const forbidsAll = (fact: BudgetFact, governed: GovernedPods): boolean => {
  if (isNone(fact.maxUnavailable) || fact.minAvailable === "100%") return true;
  const wanted = wantedPods(governed);
  return typeof fact.minAvailable === "number" && wanted !== undefined && fact.minAvailable >= wanted;
};

/** Everything is as healthy as it can be, and still nothing may go. */
const standsStill = ({ expected, healthy, disruptedPods }: BudgetFact): boolean =>
  expected > 0 && healthy >= expected && disruptedPods.length === 0;

const isBroken = (pod: PodFact, now: number): boolean =>
  !pod.ready && pod.phase !== "Pending" && now - pod.createdAt > BROKEN_AFTER_MS;

const isDeadlocked = (fact: BudgetFact, { moving, now }: GovernedPods): boolean =>
  !fact.alwaysAllowUnhealthy && fact.healthy < fact.needed && moving.some(pod => isBroken(pod, now));

const codeWithoutRoom = (fact: BudgetFact, governed: GovernedPods): BudgetCode => {
  if (!fact.observed) return "BUSY";
  if (standsStill(fact) || forbidsAll(fact, governed)) return "BLOCKED_BY_SPEC";
  return isDeadlocked(fact, governed) ? "UNHEALTHY_DEADLOCK" : "BUSY";
};

const codeOf = (fact: BudgetFact, governed: GovernedPods): BudgetCode => {
  if (fact.syncFailed !== undefined) return "SYNC_FAILED";
  if (fact.allowed === 0) return codeWithoutRoom(fact, governed);
  return governed.workloads.length > 1 ? "SHARED" : "OK";
};

const numbers = ({ needed, healthy, expected }: BudgetFact): string =>
  `needs ${needed} healthy pods and has ${healthy} of ${expected}`;

const brokenPods = ({ moving, now }: GovernedPods): string =>
  moving
    .filter(pod => isBroken(pod, now))
    .map(fullName)
    .sort(compareText)
    .slice(0, 3)
    .join(", ");

const MESSAGE: Readonly<Record<BudgetCode, (fact: BudgetFact, governed: GovernedPods) => string>> = {
  OK: fact => `${fact.allowed} may go at a time now (${numbers(fact)})`,
  BUSY: fact =>
    fact.observed ? `none may go now (${numbers(fact)})` : "its newest spec has not been counted yet",
  BLOCKED_BY_SPEC: fact => `it never lets a pod go, however healthy all are (${numbers(fact)})`,
  UNHEALTHY_DEADLOCK: (fact, governed) =>
    `${brokenPods(governed)} are not Ready and may not go because of that (${numbers(fact)})`,
  MULTIPLE_PDBS: () => "the API server evicts no pod with several PDBs",
  SYNC_FAILED: fact => `the controller cannot count its pods: ${fact.syncFailed ?? ""}`,
  SHARED: (fact, { workloads }) =>
    `${fact.allowed} may go at a time now, of ${workloads.length} workloads together (${numbers(fact)})`,
  NONE: () => "it has no PDB",
};

const namesOf = (workloads: GovernedPods["workloads"]): readonly string[] =>
  workloads.map(workload => `${workload.kind} ${fullName(workload)}`).sort(compareText);

/** The verdict on one PDB. Pure: what it says now, not what it said before. */
export const judgeBudget = (fact: BudgetFact, governed: GovernedPods): BudgetVerdict => {
  const code = codeOf(fact, governed);
  return {
    code,
    budget: `PDB ${fullName(fact)}`,
    pods: governed.moving.length,
    allowed: fact.allowed,
    needs: fact.needed,
    has: fact.healthy,
    expected: fact.expected,
    workloads: namesOf(governed.workloads),
    message: MESSAGE[code](fact, governed),
    fix: wayOut(code, fact, governed.workloads),
  };
};

/** Pods that several PDBs select: none of them can be evicted. */
export const judgeManyBudgets = (facts: readonly BudgetFact[], governed: GovernedPods): BudgetVerdict => {
  const names = facts.map(fact => `PDB ${fullName(fact)}`).sort(compareText);
  return {
    code: "MULTIPLE_PDBS",
    budget: names.join(" + "),
    pods: governed.moving.length,
    ...{ allowed: 0, needs: 0, has: 0, expected: 0 },
    workloads: namesOf(governed.workloads),
    message: `the API server evicts no pod with several PDBs (${names.join(", ")})`,
    fix: "change their selectors so that each pod has one, or delete all but one",
  };
};

import { compareText } from "../scope";
import { fullName } from "../world";
import type { BudgetCode } from "./budgetCode";
import { type Finding, groupRemarks, type Severity } from "./finding";
import type { BudgetGroup, PlanBudgets } from "./planBudgets";

const SEVERITY: Readonly<Record<BudgetCode, Severity | undefined>> = {
  OK: undefined,
  NONE: undefined,
  BUSY: "info",
  SHARED: "info",
  BLOCKED_BY_SPEC: "warning",
  UNHEALTHY_DEADLOCK: "warning",
  MULTIPLE_PDBS: "warning",
  SYNC_FAILED: "warning",
};

const SEVERAL: Readonly<Record<string, string>> = {
  BUSY: "no pod of theirs may go right now",
  SHARED: "several workloads share one budget",
  BLOCKED_BY_SPEC: "they never let a pod go, however healthy all are",
  UNHEALTHY_DEADLOCK: "pods of theirs are not Ready and may not go because of that",
  MULTIPLE_PDBS: "the API server evicts no pod with several PDBs",
  SYNC_FAILED: "the controller cannot count their pods",
};

/** Ways out differ by workload: one finding a code and way out. */
const byWayOut = (groups: readonly BudgetGroup[]): readonly Finding[] => {
  const told = groups.flatMap(({ verdict }) => {
    const severity = SEVERITY[verdict.code];
    return severity === undefined ? [] : [{ severity, verdict }];
  });
  return [...Map.groupBy(told, ({ verdict }) => `${verdict.code} ${verdict.fix}`).values()].flatMap(group =>
    groupRemarks(
      group.map(({ verdict: { code, message, fix, budget } }) => ({ code, message, fix, subject: budget })),
      code => SEVERITY[code as BudgetCode] ?? "info",
      SEVERAL,
    ),
  );
};

const singles = (groups: readonly BudgetGroup[]): readonly Finding[] => {
  const alone = groups.filter(({ verdict, owners }) => {
    const [owner] = owners;
    return verdict.code === "NONE" && verdict.expected === 1 && owner?.kind !== "Job";
  });
  if (alone.length === 0) return [];
  return [
    {
      severity: "warning",
      code: "SINGLE_REPLICA",
      message: "a single pod: it is down while it moves",
      fix: "run two, or allow surge-first for it",
      subjects: alone.flatMap(({ owners }) => owners.map(({ title }) => title)).sort(compareText),
    },
  ];
};

const unknownOwners = ({ strangers }: PlanBudgets): readonly Finding[] =>
  strangers.length === 0
    ? []
    : [
        {
          severity: "warning",
          code: "OWNER_UNKNOWN",
          message: "their owners are gone or cannot be read, so nobody says how many may be down",
          fix: "let the drain read them, or delete the pods if nobody needs them",
          subjects: strangers.map(fullName).sort(compareText),
        },
      ];

const gitOpsOwned = (groups: readonly BudgetGroup[]): readonly Finding[] => {
  const owned = groups.flatMap(({ owners }) =>
    owners.flatMap(({ title, gitOps }) =>
      gitOps === undefined
        ? []
        : [
            {
              code: "GITOPS_OWNED",
              message: `${gitOps} would set a changed number of pods back`,
              fix: "name it if surge or restart may be used for it all the same",
              subject: title,
            },
          ],
    ),
  );
  return groupRemarks(owned, () => "info", { GITOPS_OWNED: "Argo CD or Flux would set changed fields back" });
};

const fragileJobs = (groups: readonly BudgetGroup[]): readonly Finding[] =>
  groupRemarks(
    groups.flatMap(({ owners }) =>
      owners
        .filter(({ failsByEviction }) => failsByEviction === true)
        .map(({ title }) => ({
          code: "JOB_FAILS",
          message:
            "an eviction fails it for good: it has no retries, and its policy does not spare evicted pods",
          fix: "label its pods cluster.x-k8s.io/drain: wait-completed, or let podFailurePolicy ignore DisruptionTarget",
          subject: title,
        })),
    ),
    () => "warning",
  );

/** What budgets and their owners mean for the drain. */
export const budgetFindings = (budgets: PlanBudgets): readonly Finding[] => [
  ...byWayOut(budgets.groups),
  ...singles(budgets.groups),
  ...unknownOwners(budgets),
  ...gitOpsOwned(budgets.groups),
  ...fragileJobs(budgets.groups),
];

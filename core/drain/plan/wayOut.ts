import type { BudgetFact } from "../facts";
import type { BudgetCode } from "./budgetCode";

interface Owner {
  readonly kind: string;
}

const SURGE = "allow a temporary surge for it (its PDB counts pods, so one more pod makes room)";
const RESTART = "allow a rollout restart of it (its own maxSurge makes the successors first)";
const DOWNTIME = "accept its downtime: loosen the PDB for the time of the move";

/** More pods help only against a fixed number: with a share, or a number that may be down, the need grows along. */
const unblock = ({ minAvailable }: BudgetFact, owners: readonly Owner[]): string => {
  const deployments = owners.length > 0 && owners.every(({ kind }) => kind === "Deployment");
  if (!deployments) return DOWNTIME;
  return typeof minAvailable === "number" ? `${SURGE}, or ${RESTART}` : RESTART;
};

type Way = (fact: BudgetFact, owners: readonly Owner[]) => string;
const nothing: Way = () => "";

const WAYS: Readonly<Record<BudgetCode, Way>> = {
  OK: nothing,
  NONE: nothing,
  SHARED: nothing,
  BUSY: () => "wait: it is looked at again on every change",
  BLOCKED_BY_SPEC: unblock,
  UNHEALTHY_DEADLOCK: () =>
    "heal these pods, set unhealthyPodEvictionPolicy: AlwaysAllow, or allow evict-unhealthy",
  MULTIPLE_PDBS: () => "change their selectors so that each pod has one, or delete all but one",
  SYNC_FAILED: () => "give its pods a controller with a scale, or use an integer minAvailable",
};

/** What a user can do about a budget that holds its pods. */
export const wayOut = (code: BudgetCode, fact: BudgetFact, owners: readonly Owner[]): string =>
  WAYS[code](fact, owners);

import type { Stage } from "../client/stage";
import { appOf, type FactOf } from "../server/objects";

type Pod = FactOf["pod"];

const selects = (budget: FactOf["budget"], app: string): boolean =>
  budget.selector?.matchExpressions?.[0]?.values?.includes(app) === true;

/** Names of the PDBs that select this workload's pods, as far as the engine has been told. */
export const knownBudgetsOf = (stage: Stage, app: string): readonly FactOf["budget"][] =>
  stage.known("budget").filter(budget => selects(budget, app));

/** What limits this pod: its PDB, or else its workload. */
export const laneOf = (stage: Stage, pod: Pod): string => {
  const [only] = knownBudgetsOf(stage, appOf(pod));
  return only === undefined ? `workload ${appOf(pod)}` : `PDB ${only.name}`;
};

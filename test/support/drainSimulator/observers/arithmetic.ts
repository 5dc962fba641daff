import type { FactOf } from "../server/objects";
import type { BudgetRule, Share, StoryWorkload } from "../story";

/** The observers' own sums, from the documents of Kubernetes and of this engine, not from its code. */

const rounded = (share: Share, of: number): number =>
  typeof share === "number" ? share : Math.ceil((of * Number(share.replace("%", ""))) / 100);

/** Healthy pods that a PDB asks for, of a number of wanted ones. */
export const floorOfRule = (rule: BudgetRule, wanted: number): number =>
  rule.minAvailable === undefined
    ? Math.max(0, wanted - rounded(rule.maxUnavailable ?? wanted, wanted))
    : rounded(rule.minAvailable, wanted);

/** Without a PDB: a quarter of the pods may be down, at least one; of a StatefulSet one. */
export const downAtOnce = (kind: string, wanted: number): number =>
  kind === "StatefulSet" ? 1 : Math.max(1, Math.floor(wanted / 4));

export const isDown = (pod: FactOf["pod"]): boolean => !pod.ready || pod.deletingSince !== undefined;

/** May its pods be evicted by our rules at all? */
export const isEvictable = ({ kind, toleratesCordon }: StoryWorkload): boolean =>
  kind !== "Bare" && toleratesCordon !== true;

/** Calls that may be under way for one PDB: half as many as could get a slot, one at least, four at most. */
export const atOnce = (free: number, underWay: number): number =>
  Math.max(1, Math.min(4, Math.floor((free + underWay) / 2)));

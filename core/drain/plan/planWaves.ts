import type { Amounts } from "../placement";
import { sumAmounts } from "../room/amounts";
import { isSelected } from "../scope";
import { canTake } from "./planCapacity";
import type { PlanFacts, PlanPod, PlanRequest } from "./planFacts";
import type { PlanScope } from "./planScope";

/** The nodes that are to take the pods cannot take all at once: they have to grow in between. */
export interface Waves {
  readonly count: number;
  /** The share of what is asked for that they can take now, of the scarcest resource; above 0 and below 1. */
  readonly share: number;
  /** The least time in which a node of this cluster got Ready. */
  readonly provisionMs: number;
}

const freeOn = (facts: PlanFacts, takers: ReadonlySet<string>): Amounts => {
  const nodes = facts.nodes.filter(({ name }) => takers.has(name));
  const all = sumAmounts(nodes.map(({ allocatable }) => allocatable));
  const used = sumAmounts(
    facts.pods
      .filter(({ node = "", phase }) => takers.has(node) && phase !== "Succeeded" && phase !== "Failed")
      .map(({ placed }) => placed.requests),
  );
  return Object.fromEntries(Object.entries(all).map(([name, amount]) => [name, amount - (used[name] ?? 0)]));
};

const scarcestShare = (free: Amounts, asked: Amounts): number =>
  Object.entries(asked)
    .filter(([, amount]) => amount > 0)
    .reduce((least, [name, amount]) => Math.min(least, (free[name] ?? 0) / amount), 1);

const fastest = ({ nodes }: PlanFacts): number | undefined => {
  const seen = nodes.flatMap(({ provisionMs }) => provisionMs ?? []);
  return seen.length === 0 ? undefined : Math.min(...seen);
};

/** Undefined when all fits at once, when nothing fits at all, and when nobody knows how long a node takes to come. */
export const planWaves = (
  facts: PlanFacts,
  { to }: Pick<PlanRequest, "to">,
  { scope, moving }: { readonly scope: PlanScope; readonly moving: readonly PlanPod[] },
): Waves | undefined => {
  const takers = facts.nodes.filter(
    node => canTake(node, scope.names) && (to === undefined || isSelected(node, to)),
  );
  const free = freeOn(facts, new Set(takers.map(({ name }) => name)));
  const share = scarcestShare(free, sumAmounts(moving.map(({ placed }) => placed.requests)));
  const provisionMs = fastest(facts);
  if (share <= 0 || share >= 1 || provisionMs === undefined) return undefined;
  return { count: Math.ceil(1 / share), share, provisionMs };
};

import { relate, type Relations, type Rule } from "./crowdRules";
import type { Alike } from "./likeness";
import type { PlacedPod, PlaceNode } from "./places";
import { countIn, keepsSkew } from "./spreadRule";

export interface Standing {
  readonly node: PlaceNode;
  readonly pods: readonly PlacedPod[];
}

export interface Surroundings {
  /** Pods that look for a place. */
  readonly pods: readonly PlacedPod[];
  /** Nodes that stay, with the pods that stay on them. */
  readonly staying: readonly Standing[];
  /** Nodes that are being emptied, with the pods that leave them. */
  readonly leaving: readonly Standing[];
  readonly alike: Alike;
}

/** Who stands where, as far as it decides about others. `settle` adds one more. */
export interface Crowd {
  /** What no later placement can heal. */
  readonly lasting: (pod: PlacedPod, node: PlaceNode) => string | undefined;
  /** What holds now, the lasting part included. */
  readonly objection: (pod: PlacedPod, node: PlaceNode) => string | undefined;
  readonly settle: (pod: PlacedPod, node: PlaceNode) => void;
  /** A node that is being emptied is a spread domain of its own for this pod, and pulls the minimum to zero. */
  readonly isTrapped: (pod: PlacedPod) => boolean;
}

const at = (table: ReadonlyMap<string, number>, rule: Rule, node: PlaceNode): number => {
  const domain = node.labels[rule.topologyKey];
  return domain === undefined ? 0 : (table.get(domain) ?? 0);
};

const add = (table: Map<string, number>, rule: Rule, node: PlaceNode): void => {
  const domain = node.labels[rule.topologyKey];
  if (domain !== undefined) table.set(domain, (table.get(domain) ?? 0) + 1);
};

const isRepelled = ({ anti, meantBy }: Relations, node: PlaceNode): boolean =>
  anti.some(rule => at(rule.counts, rule, node) > 0) ||
  meantBy.some(rule => rule.owners.size > 0 && at(rule.owners, rule, node) > 0);

/** The first of a group that wants to be near its own kind may go anywhere. */
const isFirstOfItsKind = ({ near, meantBy }: Relations): boolean =>
  near.every(rule => rule.counts.size === 0 && rule.seeds.size === 0 && meantBy.includes(rule));

const isNear = (rule: Rule, node: PlaceNode): boolean => {
  const domain = node.labels[rule.topologyKey];
  return domain !== undefined && (at(rule.counts, rule, node) > 0 || rule.seeds.has(domain));
};

const findsCompany = (relations: Relations, node: PlaceNode): boolean =>
  relations.near.every(rule => isNear(rule, node)) ||
  (relations.near.every(rule => node.labels[rule.topologyKey] !== undefined) && isFirstOfItsKind(relations));

const passing = (relations: Relations, node: PlaceNode): string | undefined => {
  const skewed = relations.spread.some(rule => !keepsSkew(rule, node, relations.spreadBy.includes(rule)));
  if (skewed) return "topology spread";
  return findsCompany(relations, node) ? undefined : "pod affinity";
};

const settle = (relations: Relations, node: PlaceNode): void => {
  for (const rule of relations.meantBy) add(rule.counts, rule, node);
  for (const rule of relations.anti) add(rule.owners, rule, node);
  for (const rule of relations.spreadBy) countIn(rule, node);
};

const seed = (relations: Relations, node: PlaceNode): void => {
  for (const rule of relations.meantBy) {
    const domain = node.labels[rule.topologyKey];
    if (domain !== undefined) rule.seeds.add(domain);
  }
};

/** Counts what stands; pods that leave count only as company in their domain, since the last to go keeps it. */
export const gatherCrowd = ({ pods, staying, leaving, alike }: Surroundings): Crowd => {
  const ground = {
    all: [...staying, ...leaving].map(({ node }) => node),
    leaving: new Set(leaving.map(({ node }) => node.name)),
  };
  const settled = staying.flatMap(standing => standing.pods);
  const relationsOf = relate({ pods: [...pods, ...settled], ground, alike });
  for (const { node, pods: those } of staying) for (const pod of those) settle(relationsOf(pod), node);
  for (const { node, pods: those } of leaving) for (const pod of those) seed(relationsOf(pod), node);
  const lasting = (pod: PlacedPod, node: PlaceNode): string | undefined =>
    isRepelled(relationsOf(pod), node) ? "anti-affinity" : undefined;
  return {
    lasting,
    objection: (pod, node) => lasting(pod, node) ?? passing(relationsOf(pod), node),
    settle: (pod, node) => settle(relationsOf(pod), node),
    isTrapped: pod => relationsOf(pod).spread.some(rule => rule.area.hasDyingDomain),
  };
};

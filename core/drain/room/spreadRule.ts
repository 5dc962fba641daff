import { matchesNode } from "../placement";
import { repellingTaints } from "../tolerations";
import type { PlacedPod, PlaceNode } from "./places";
import type { SpreadTerm } from "./spreadTerms";

/** The nodes that count for a spread, as domains of a node label. */
export interface Area {
  readonly eligible: ReadonlySet<string>;
  readonly domains: number;
  /** True when some domain consists of nodes that are being emptied only: in the end nobody is there. */
  readonly hasDyingDomain: boolean;
}

/** A hard topology spread and how full its domains are. */
export interface SpreadRule {
  readonly namespace: string;
  readonly term: SpreadTerm;
  readonly area: Area;
  /** Domains without any are left out. */
  readonly counts: Map<string, number>;
  /** The emptiest domain's count, and how many have no more. */
  least: number;
  lowest: number;
}

export interface Ground {
  readonly all: readonly PlaceNode[];
  /** Names of the nodes that are being emptied. */
  readonly leaving: ReadonlySet<string>;
}

const isEligible = (term: SpreadTerm, pod: PlacedPod, node: PlaceNode): boolean =>
  node.labels[term.topologyKey] !== undefined &&
  (!term.honorAffinity || matchesNode(pod, node)) &&
  (!term.honorTaints || repellingTaints(pod.tolerations, node.taints).length === 0);

const domainsOf = (nodes: readonly PlaceNode[], key: string): ReadonlySet<string> =>
  new Set(nodes.flatMap(node => node.labels[key] ?? []));

/**
 * Nodes that are being emptied count as domains, as for the scheduler: a cordon does not take them out unless the
 * constraint honours taints.
 */
export const spreadArea = (term: SpreadTerm, pod: PlacedPod, { all, leaving }: Ground): Area => {
  const nodes = all.filter(node => isEligible(term, pod, node));
  const staying = nodes.filter(node => !leaving.has(node.name));
  const domains = domainsOf(nodes, term.topologyKey).size;
  return {
    eligible: new Set(nodes.map(node => node.name)),
    domains,
    hasDyingDomain: domainsOf(staying, term.topologyKey).size < domains,
  };
};

const recount = (rule: SpreadRule): void => {
  rule.least = Infinity;
  rule.lowest = 0;
  for (const count of rule.counts.values()) {
    if (count < rule.least) {
      rule.least = count;
      rule.lowest = 0;
    }
    if (count === rule.least) rule.lowest += 1;
  }
};

/** One more pod that the constraint counts stands on this node. */
export const countIn = (rule: SpreadRule, node: PlaceNode): void => {
  const domain = node.labels[rule.term.topologyKey];
  if (domain === undefined || !rule.area.eligible.has(node.name)) return;
  const before = rule.counts.get(domain) ?? 0;
  rule.counts.set(domain, before + 1);
  if (before > rule.least) return;
  rule.lowest -= 1;
  if (rule.lowest === 0) recount(rule);
};

const floorOf = ({ area, term, least }: SpreadRule): number => (area.domains < term.minDomains ? 0 : least);

/** Whether one more pod here keeps the skew; `self` when the constraint counts the pod itself. */
export const keepsSkew = (rule: SpreadRule, node: PlaceNode, self: boolean): boolean => {
  const domain = node.labels[rule.term.topologyKey];
  if (domain === undefined) return false;
  const here = (rule.counts.get(domain) ?? 0) + (self ? 1 : 0);
  return here - floorOf(rule) <= rule.term.maxSkew;
};

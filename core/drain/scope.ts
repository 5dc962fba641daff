import type { NodeFact } from "./facts";
import { type LabelSelector, matchesLabels } from "./labels";

/** Which nodes are blue. Names are exact; a selector also takes nodes that join later. */
export type NodeSelector = { readonly names: readonly string[] } | { readonly labels: LabelSelector };

export const isSelected = (node: Pick<NodeFact, "name" | "labels">, selector: NodeSelector): boolean =>
  "names" in selector ? selector.names.includes(node.name) : matchesLabels(selector.labels, node.labels);

export interface NodeLoad {
  readonly name: string;
  readonly cordoned: boolean;
  /** Pods on it that would have to move. */
  readonly movable: number;
}

/**
 * The same nodes again on every run of the same cluster: emptied ones first, then cordoned ones, then by name.
 * So a second step of a staged drain builds on the first, and a resumed run goes on where the killed one stood.
 */
export const chooseNodes = (nodes: readonly NodeLoad[], percent: number): readonly string[] => {
  const count = Math.min(nodes.length, Math.ceil((nodes.length * percent) / 100));
  const rank = (node: NodeLoad): number => (node.movable === 0 ? 0 : 2) + (node.cordoned ? 0 : 1);
  return [...nodes]
    .sort((a, b) => rank(a) - rank(b) || compareText(a.name, b.name))
    .slice(0, count)
    .map(node => node.name);
};

/** By code unit, not by locale: the same order on every machine. */
export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

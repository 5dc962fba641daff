import type { Problem } from "../problem";
import type { Toleration } from "./facts";
import type { WrittenNode } from "./greenNodes";
import type { Labels } from "./labels";
import { matchesNode, type NodeTerm } from "./placement";
import { matchesTerms } from "./room/nodeTerms";
import { repellingTaints } from "./tolerations";

/** What a workload's pods ask of a node, and the node of blue that one of them is on. */
export interface Wishes {
  /** "namespace/owner". */
  readonly workload: string;
  readonly node: string;
  readonly nodeSelector: Labels;
  readonly affinity: unknown;
  readonly tolerations: readonly Toleration[];
  /** Their volumes that can't be attached everywhere. */
  readonly volumes: readonly BoundVolume[];
}

export interface BoundVolume {
  /** "namespace/name". */
  readonly claim: string;
  readonly terms: readonly NodeTerm[];
}

export interface After {
  readonly pool: string;
  /** Pool is given up: none of its own nodes come. */
  readonly removed: boolean;
  /** The nodes there will be: those that stay, and what comes for those that go. */
  readonly nodes: readonly WrittenNode[];
  /** The one that comes for the pods' own node; absent where the pool is given up. */
  readonly own?: WrittenNode;
}

const fits = (wishes: Wishes, node: WrittenNode): boolean =>
  matchesNode(wishes, node) &&
  repellingTaints(wishes.tolerations, node.taints).length === 0 &&
  outOfReach(wishes, node) === undefined;

const outOfReach = ({ volumes }: Wishes, node: WrittenNode): BoundVolume | undefined =>
  volumes.find(({ terms }) => !matchesTerms(terms, node));

/** Whether any node could take these pods after the move, by what is written on nodes. */
export const hasPlace = (wishes: Wishes, { nodes }: Pick<After, "nodes">): boolean =>
  nodes.some(node => fits(wishes, node));

/** Why the node that comes for theirs does not take them, in the words of the pod's own fields. */
export const objectionOf = (wishes: Wishes, own: WrittenNode | undefined): string => {
  if (own === undefined) return "no other pool takes them";
  const [taint] = repellingTaints(wishes.tolerations, own.taints);
  if (taint !== undefined) return `they don't tolerate the taint ${taint.key}:${taint.effect}`;
  const pins = Object.entries(wishes.nodeSelector).filter(([key, value]) => own.labels[key] !== value);
  if (pins.length > 0) return `they select ${pins.map(([key, value]) => `${key}=${value}`).join(", ")}`;
  const volume = matchesNode(wishes, own) ? outOfReach(wishes, own) : undefined;
  return volume === undefined ? "their required node affinity matches none" : describeVolume(volume);
};

const describeVolume = ({ claim, terms }: BoundVolume): string => {
  const places = terms.flatMap(({ matchExpressions = [] }) =>
    matchExpressions.map(({ key, values = [] }) => `${key} ${values.join(" or ")}`),
  );
  return `their volume of the claim ${claim} can be attached only at ${places.join(", ")}`;
};

/** One problem for each reason, with the workloads it holds for. */
export const strandedBy = (
  found: ReadonlyMap<string, readonly string[]>,
  { pool, removed }: Pick<After, "pool" | "removed">,
): readonly Problem[] =>
  [...found].map(([reason, workloads]) => ({
    code: "Preflight.NoNodeAfterwards",
    path: `pools.${pool}`,
    message: `no node there will be takes the pods of ${named(workloads)}: ${reason}`,
    fix: removed
      ? "give another pool what they ask for (a label of your own where they select changeover.dev/pool), or scale them down, before the pool goes"
      : `let them select changeover.dev/pool: ${pool}, or a label of pools.${pool}.labels, and tolerate pools.${pool}.taints; a zone, an architecture or a kind of capacity that they ask for has to stay in pools.${pool}`,
  }));

/** The same where it rests on a label that nobody but a person writes. */
export const handWrittenBy = (
  found: ReadonlyMap<string, readonly string[]>,
  { pool }: Pick<After, "pool">,
): readonly Problem[] =>
  [...found].map(([reason, workloads]) => ({
    code: "Preflight.LabelNotInConfig",
    path: `pools.${pool}.labels`,
    message: `the pods of ${named(workloads)} would have no node: ${reason}, which is on the nodes now, but not in config`,
    fix: `write the label into pools.${pool}.labels (it is part of the new generation then), unless something in the cluster puts it on new nodes`,
  }));

const MOST = 3;

/** The first few of them, sorted, and how many more. */
export const named = (workloads: readonly string[]): string => {
  const sorted = [...workloads].sort();
  const more = sorted.length > MOST ? ` and ${String(sorted.length - MOST)} more` : "";
  return `${sorted.slice(0, MOST).join(", ")}${more}`;
};

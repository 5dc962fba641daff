import { isKnownSelector, matchesExpression } from "../labels";
import type { NodeTerm, PlaceNode } from "./places";

interface Affinity {
  readonly nodeAffinity?: {
    readonly requiredDuringSchedulingIgnoredDuringExecution?: {
      readonly nodeSelectorTerms?: readonly NodeTerm[];
    };
  };
}

/** The alternatives of a required node affinity; undefined when there is none. */
export const nodeTerms = (affinity: unknown): readonly NodeTerm[] | undefined =>
  ((affinity ?? {}) as Affinity).nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
    ?.nodeSelectorTerms;

export const isKnownTerm = (term: NodeTerm): boolean =>
  isKnownSelector({ matchExpressions: term.matchExpressions ?? [] }) &&
  isKnownSelector({ matchExpressions: term.matchFields ?? [] }) &&
  (term.matchFields ?? []).every(({ key }) => key === "metadata.name");

type Place = Pick<PlaceNode, "name" | "labels">;

const matchesTerm = (node: Place, term: NodeTerm): boolean => {
  const expressions = term.matchExpressions ?? [];
  const fields = term.matchFields ?? [];
  if (expressions.length + fields.length === 0) return false;
  return (
    expressions.every(expression => matchesExpression(node.labels, expression)) &&
    fields.every(field => matchesExpression({ "metadata.name": node.name }, field))
  );
};

/** One alternative suffices; no list at all allows every node. */
export const matchesTerms = (terms: readonly NodeTerm[] | undefined, node: Place): boolean =>
  terms === undefined || terms.some(term => matchesTerm(node, term));

import { isKnownSelector, type LabelExpression, type Labels, type LabelSelector } from "../labels";
import type { PlacedPod } from "./places";

/** "Near" or "not near" the pods that the selector means, by the value of a node label. */
export interface PodTerm {
  readonly topologyKey: string;
  readonly selector: LabelSelector;
  /** Whose pods are meant; undefined = every namespace's. */
  readonly namespaces: readonly string[] | undefined;
}

interface RawTerm {
  readonly topologyKey?: string;
  readonly labelSelector?: LabelSelector;
  readonly namespaces?: readonly string[];
  readonly namespaceSelector?: LabelSelector;
  readonly matchLabelKeys?: readonly string[];
  readonly mismatchLabelKeys?: readonly string[];
}

interface RawAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly RawTerm[];
}

interface RawAffinities {
  readonly podAffinity?: RawAffinity;
  readonly podAntiAffinity?: RawAffinity;
}

type Bearer = Pick<PlacedPod, "namespace" | "labels" | "affinity">;

const rawTerms = ({ affinity }: Pick<PlacedPod, "affinity">, kind: keyof RawAffinities): readonly RawTerm[] =>
  ((affinity ?? {}) as RawAffinities)[kind]?.requiredDuringSchedulingIgnoredDuringExecution ?? [];

const isWhole = (selector: LabelSelector): boolean =>
  Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length === 0;

/** Namespaces chosen by their labels would need these labels. */
const isKnown = ({ topologyKey, labelSelector, namespaceSelector }: RawTerm): boolean =>
  topologyKey !== undefined &&
  isKnownSelector(labelSelector ?? {}) &&
  (namespaceSelector === undefined || isWhole(namespaceSelector));

const ownValues = (
  labels: Labels,
  keys: readonly string[] | undefined,
  operator: "In" | "NotIn",
): readonly LabelExpression[] =>
  (keys ?? []).flatMap(key => {
    const value = labels[key];
    return value === undefined ? [] : [{ key, operator, values: [value] }];
  });

/** A selector narrowed to pods that have the same values as this one under some keys. */
export const withOwnValues = (
  selector: LabelSelector,
  labels: Labels,
  keys: { readonly same?: readonly string[] | undefined; readonly other?: readonly string[] | undefined },
): LabelSelector => {
  const more = [...ownValues(labels, keys.same, "In"), ...ownValues(labels, keys.other, "NotIn")];
  return more.length === 0
    ? selector
    : { ...selector, matchExpressions: [...(selector.matchExpressions ?? []), ...more] };
};

const namespacesOf = (pod: Bearer, term: RawTerm): readonly string[] | undefined => {
  if (term.namespaceSelector !== undefined) return undefined;
  const named = term.namespaces ?? [];
  return named.length === 0 ? [pod.namespace] : named;
};

const readTerm = (pod: Bearer, term: RawTerm): PodTerm => ({
  topologyKey: term.topologyKey ?? "",
  namespaces: namespacesOf(pod, term),
  selector: withOwnValues(term.labelSelector ?? {}, pod.labels, {
    same: term.matchLabelKeys,
    other: term.mismatchLabelKeys,
  }),
});

const readTerms = (pod: Bearer, kind: keyof RawAffinities): readonly PodTerm[] =>
  rawTerms(pod, kind)
    .filter(term => isKnown(term) && term.labelSelector !== undefined)
    .map(term => readTerm(pod, term));

/** An absent selector means no pods: nothing to keep away from. */
export const antiTermsOf = (pod: Bearer): readonly PodTerm[] => readTerms(pod, "podAntiAffinity");

export const nearTermsOf = (pod: Bearer): readonly PodTerm[] => readTerms(pod, "podAffinity");

/** True when a pod that stays keeps others away by rules that the proof does not understand. */
export const repelsInUnknownWays = (pod: Pick<PlacedPod, "affinity">): boolean =>
  !rawTerms(pod, "podAntiAffinity").every(isKnown);

const isSelectorless = ({ labelSelector }: RawTerm): boolean => labelSelector === undefined;

export const hasUnknownTerms = (pod: Pick<PlacedPod, "affinity">): boolean =>
  repelsInUnknownWays(pod) ||
  rawTerms(pod, "podAffinity").some(term => !isKnown(term) || isSelectorless(term));

const quotes = ({ matchLabelKeys = [], mismatchLabelKeys = [] }: RawTerm): boolean =>
  matchLabelKeys.length + mismatchLabelKeys.length > 0;

/** True when some rule speaks of pods that have, or have not, this pod's own label values. */
export const quotesOwnLabels = (pod: Pick<PlacedPod, "affinity" | "topologySpread">): boolean =>
  rawTerms(pod, "podAffinity").some(quotes) ||
  rawTerms(pod, "podAntiAffinity").some(quotes) ||
  pod.topologySpread.some(constraint => quotes(constraint ?? {}));

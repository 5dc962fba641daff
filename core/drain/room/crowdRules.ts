import type { LabelSelector } from "../labels";
import { indexSelectors } from "../selectorIndex";
import type { Alike } from "./likeness";
import { nodeTerms } from "./nodeTerms";
import type { PlacedPod } from "./places";
import { antiTermsOf, nearTermsOf, type PodTerm, quotesOwnLabels } from "./podTerms";
import { type Area, type Ground, spreadArea, type SpreadRule } from "./spreadRule";
import { type SpreadTerm, spreadTermsOf } from "./spreadTerms";

/** One distinct "these pods, by that node label", and where such pods are. */
export interface Rule {
  readonly topologyKey: string;
  /** Undefined = every namespace. */
  readonly namespaces: readonly string[] | undefined;
  readonly selector: LabelSelector;
  /** Pods that the selector means, by domain. */
  readonly counts: Map<string, number>;
  /** Pods that keep such pods away, by domain. */
  readonly owners: Map<string, number>;
  /** Domains from which such pods are leaving: they are near there until the last has gone. */
  readonly seeds: Set<string>;
}

/** How one pod stands to the rules of all. */
export interface Relations {
  readonly anti: readonly Rule[];
  readonly near: readonly Rule[];
  readonly spread: readonly SpreadRule[];
  readonly meantBy: readonly Rule[];
  readonly spreadBy: readonly SpreadRule[];
}

interface Book {
  readonly ground: Ground;
  readonly rules: Map<string, Rule>;
  readonly spreads: Map<string, SpreadRule>;
  readonly areas: Map<string, Area>;
}

const entryOf = <K, T>(table: Map<K, T>, key: K, make: () => T): T => {
  const known = table.get(key);
  if (known !== undefined) return known;
  const made = make();
  table.set(key, made);
  return made;
};

const termRule = (book: Book, term: PodTerm): Rule =>
  entryOf(book.rules, JSON.stringify(term), () => ({
    ...term,
    counts: new Map(),
    owners: new Map(),
    seeds: new Set(),
  }));

const spreadRule = (book: Book, pod: PlacedPod, term: SpreadTerm): SpreadRule => {
  const wishes = [
    term.honorAffinity ? [pod.nodeSelector, nodeTerms(pod.affinity)] : [],
    term.honorTaints ? pod.tolerations : [],
  ];
  const areaKey = JSON.stringify([term.topologyKey, wishes]);
  return entryOf(book.spreads, `${areaKey} ${JSON.stringify([pod.namespace, term])}`, () => {
    const area = entryOf(book.areas, areaKey, () => spreadArea(term, pod, book.ground));
    const { namespace } = pod;
    return { namespace, term, area, counts: new Map<string, number>(), least: 0, lowest: area.domains };
  });
};

const EVERYWHERE = "*";

type Meaning = (pod: PlacedPod) => Pick<Relations, "meantBy" | "spreadBy">;

const meaningOf = (book: Book): Meaning => {
  const rules = [...book.rules.values()].flatMap(rule =>
    (rule.namespaces ?? [EVERYWHERE]).map(namespace => ({ rule, namespace })),
  );
  const byTerm = indexSelectors(rules, ({ rule, namespace }) => ({ namespace, selector: rule.selector }));
  const bySpread = indexSelectors([...book.spreads.values()], ({ namespace, term }) => ({
    namespace,
    selector: term.selector,
  }));
  return ({ namespace, labels }) => ({
    meantBy: [...byTerm.of({ namespace, labels }), ...byTerm.of({ namespace: EVERYWHERE, labels })].map(
      ({ rule }) => rule,
    ),
    spreadBy: bySpread.of({ namespace, labels }),
  });
};

type Own = Pick<Relations, "anti" | "near" | "spread">;

const ownRules = (book: Book, pod: PlacedPod): Own => ({
  anti: antiTermsOf(pod).map(term => termRule(book, term)),
  near: nearTermsOf(pod).map(term => termRule(book, term)),
  spread: spreadTermsOf(pod).map(term => spreadRule(book, pod, term)),
});

const NO_RULES: Own = { anti: [], near: [], spread: [] };

const isPlain = ({ affinity, topologySpread }: PlacedPod): boolean =>
  affinity === undefined && topologySpread.length === 0;

/** Rules are the same for the same wishes in the same namespace, unless they quote the pod's own labels. */
const ownReader = (book: Book, alike: Alike): ((pod: PlacedPod) => Own) => {
  const byKey = new Map<string, Own>();
  return pod => {
    if (isPlain(pod)) return NO_RULES;
    const { body, face } = alike(pod);
    const key = `${body} ${pod.namespace} ${quotesOwnLabels(pod) ? face : ""}`;
    return entryOf(byKey, key, () => ownRules(book, pod));
  };
};

export interface Company {
  readonly pods: readonly PlacedPod[];
  readonly ground: Ground;
  readonly alike: Alike;
}

/** Reads the rules of all pods first; then tells each pod's relations, computed once for pods that look alike. */
export const relate = ({ pods, ground, alike }: Company): ((pod: PlacedPod) => Relations) => {
  const book: Book = { ground, rules: new Map(), spreads: new Map(), areas: new Map() };
  const own = ownReader(book, alike);
  for (const pod of pods) own(pod);
  const meaning = meaningOf(book);
  const byFace = new Map<number, Pick<Relations, "meantBy" | "spreadBy">>();
  const byPod = new Map<PlacedPod, Relations>();
  return pod =>
    entryOf(byPod, pod, () => ({
      ...own(pod),
      ...entryOf(byFace, alike(pod).face, () => meaning(pod)),
    }));
};

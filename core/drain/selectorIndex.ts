import { type LabelSelector, type Labels, matchesLabels } from "./labels";

interface Selecting<T> {
  readonly item: T;
  readonly selector: LabelSelector;
}

export interface Labelled {
  readonly namespace: string;
  readonly labels: Labels;
}

/** Which items select an object, without asking all of them. */
export interface SelectorIndex<T> {
  readonly of: (object: Labelled) => readonly T[];
}

/** Selectors of one namespace by one label that each of them names. */
type ByLabel<T> = Map<string, Map<string, Selecting<T>[]>>;

interface Shelf<T> {
  readonly byLabel: ByLabel<T>;
  /** Selectors that name no label exactly. */
  readonly loose: Selecting<T>[];
}

const entryOf = <K, T>(table: Map<K, T>, key: K, make: () => T): T => {
  const known = table.get(key);
  if (known !== undefined) return known;
  const made = make();
  table.set(key, made);
  return made;
};

type Label = readonly [key: string, value: string];

const labelsOf = ({ matchLabels }: LabelSelector): readonly Label[] => Object.entries(matchLabels ?? {});

const nameOf = ([key, value]: Label): string => `${key}=${value}`;

const countLabels = (selectors: readonly LabelSelector[]): ReadonlyMap<string, number> => {
  const counts = new Map<string, number>();
  for (const selector of selectors) {
    for (const label of labelsOf(selector)) counts.set(nameOf(label), (counts.get(nameOf(label)) ?? 0) + 1);
  }
  return counts;
};

const rarest = (selector: LabelSelector, counts: ReadonlyMap<string, number>): Label | undefined => {
  const often = (label: Label): number => counts.get(nameOf(label)) ?? 0;
  return labelsOf(selector).reduce<Label | undefined>(
    (best, label) => (best === undefined || often(label) < often(best) ? label : best),
    undefined,
  );
};

const find = <T>({ byLabel, loose }: Shelf<T>, labels: Labels): readonly T[] => {
  const found: T[] = [];
  const take = (list: readonly Selecting<T>[] | undefined): void => {
    for (const { item, selector } of list ?? []) if (matchesLabels(selector, labels)) found.push(item);
  };
  for (const [key, byValue] of byLabel) take(byValue.get(labels[key] ?? ""));
  take(loose);
  return found;
};

/**
 * Files each selector under its rarest label, so that an object is compared only with selectors that share a label with
 * it, and with the few of its namespace that name no label exactly.
 */
export const indexSelectors = <T>(
  items: readonly T[],
  selectorOf: (item: T) => { readonly namespace: string; readonly selector?: LabelSelector | undefined },
): SelectorIndex<T> => {
  const read = items.flatMap(item => {
    const { namespace, selector } = selectorOf(item);
    return selector === undefined ? [] : [{ item, namespace, selector }];
  });
  const counts = countLabels(read.map(({ selector }) => selector));
  const shelves = new Map<string, Shelf<T>>();
  for (const { item, namespace, selector } of read) {
    const shelf = entryOf(shelves, namespace, (): Shelf<T> => ({ byLabel: new Map(), loose: [] }));
    const label = rarest(selector, counts);
    if (label === undefined) shelf.loose.push({ item, selector });
    else {
      const byValue = entryOf(shelf.byLabel, label[0], () => new Map<string, Selecting<T>[]>());
      entryOf(byValue, label[1], (): Selecting<T>[] => []).push({ item, selector });
    }
  }
  return {
    of: ({ namespace, labels }) => {
      const shelf = shelves.get(namespace);
      return shelf === undefined ? [] : find(shelf, labels);
    },
  };
};

/**
 * A map of which every version stays what it was, and of which the newest costs no more than a plain Map. Only one
 * version holds the entries; each older one knows what it had instead and who came after it (Baker's trick). Reading an
 * older version is right but turns the chain round, at the price of the changes in between. Don't make new versions
 * while iterating over an old one.
 */
export interface VersionedMap<K, V> extends ReadonlyMap<K, V> {
  with(key: K, value: V): VersionedMap<K, V>;
  without(key: K): VersionedMap<K, V>;
}

interface Difference<K, V> {
  readonly key: K;
  readonly had: boolean;
  readonly value: V | undefined;
  readonly later: Version<K, V>;
}

class Version<K, V> implements VersionedMap<K, V> {
  private content: Map<K, V> | Difference<K, V>;

  constructor(content: Map<K, V>) {
    this.content = content;
  }

  get size(): number {
    return this.entriesHere().size;
  }

  get(key: K): V | undefined {
    return this.entriesHere().get(key);
  }

  has(key: K): boolean {
    return this.entriesHere().has(key);
  }

  keys(): MapIterator<K> {
    return this.entriesHere().keys();
  }

  values(): MapIterator<V> {
    return this.entriesHere().values();
  }

  entries(): MapIterator<[K, V]> {
    return this.entriesHere().entries();
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(act: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    this.entriesHere().forEach((value, key) => act(value, key, this));
  }

  with(key: K, value: V): VersionedMap<K, V> {
    const entries = this.entriesHere();
    const former = entries.get(key);
    if (former === value && (value !== undefined || entries.has(key))) return this;
    return this.hand(key, draft => draft.set(key, value));
  }

  without(key: K): VersionedMap<K, V> {
    return this.entriesHere().has(key) ? this.hand(key, draft => draft.delete(key)) : this;
  }

  /** What each key that differs had in this version; undefined when the two don't descend from each other. */
  formerly(later: Version<K, V>): ReadonlyMap<K, V | undefined> | undefined {
    later.entriesHere();
    const former = new Map<K, V | undefined>();
    const seek = (version: Version<K, V>): boolean => {
      for (let at = version; at !== later;) {
        if (at.content instanceof Map) return false;
        const { key, had, value } = at.content;
        if (!former.has(key)) former.set(key, had ? value : undefined);
        at = at.content.later;
      }
      return true;
    };
    return seek(this) ? former : undefined;
  }

  private hand(key: K, change: (draft: Map<K, V>) => void): Version<K, V> {
    const entries = this.entriesHere();
    const had = entries.has(key);
    const value = entries.get(key);
    change(entries);
    const later = new Version(entries);
    this.content = { key, had, value, later };
    return later;
  }

  /** Makes this version the one that holds the entries. */
  private entriesHere(): Map<K, V> {
    if (this.content instanceof Map) return this.content;
    const path: Version<K, V>[] = [this];
    for (let at = this.content.later; !(at.content instanceof Map); at = at.content.later) path.push(at);
    for (const version of path.reverse()) version.takeOver();
    return this.content as unknown as Map<K, V>;
  }

  private takeOver(): void {
    if (this.content instanceof Map) return;
    const { key, had, value, later } = this.content;
    const entries = later.content as Map<K, V>;
    later.content = { key, had: entries.has(key), value: entries.get(key), later: this };
    if (had) entries.set(key, value as V);
    else entries.delete(key);
    this.content = entries;
  }
}

export const versioned = <K, V>(entries: Iterable<readonly [K, V]> = []): VersionedMap<K, V> =>
  new Version(new Map(entries));

/**
 * The keys in which two versions may differ, each with what it had before; undefined when that is not known because
 * they are not of one chain. Costs as much as there are changes between them.
 */
export const formerValues = <K, V>(
  before: ReadonlyMap<K, V>,
  after: ReadonlyMap<K, V>,
): ReadonlyMap<K, V | undefined> | undefined => {
  if (before === after) return new Map();
  return before instanceof Version && after instanceof Version
    ? (before as Version<K, V>).formerly(after as Version<K, V>)
    : undefined;
};

/** Sets of keys by name, e.g. pods by node. */
export type Groups = VersionedMap<string, VersionedMap<string, true>>;

const NOBODY: ReadonlyMap<string, true> = new Map();

export const membersOf = (groups: Groups, name: string): Iterable<string> =>
  (groups.get(name) ?? NOBODY).keys();

export const sizeOf = (groups: Groups, name: string): number => groups.get(name)?.size ?? 0;

export const joined = (groups: Groups, name: string, member: string): Groups =>
  groups.with(name, (groups.get(name) ?? versioned()).with(member, true));

export const left = (groups: Groups, name: string, member: string): Groups => {
  const members = groups.get(name)?.without(member);
  if (members === undefined) return groups;
  return members.size === 0 ? groups.without(name) : groups.with(name, members);
};

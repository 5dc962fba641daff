/** What a cached object must tell about itself. */
export interface Identified {
  readonly uid: string;
  readonly name: string;
  readonly namespace?: string;
  readonly resourceVersion: string;
}

export type Change<T> =
  { readonly kind: "set"; readonly object: T } | { readonly kind: "gone"; readonly object: T };

/** The keys under which an object is found, e.g. its node; none when it has none. */
export type IndexKeys<T> = (object: T) => readonly string[];

export interface Store<T extends Identified> {
  readonly byUid: ReadonlyMap<string, T>;
  byName(name: string, namespace?: string): T | undefined;
  /** Objects whose keys in the named index hold this key. */
  readonly by: (index: string, key: string) => readonly T[];
  /** Takes in one object and tells what changed; a namesake with another uid is gone first. */
  set(object: T): readonly Change<T>[];
  drop(object: T): readonly Change<T>[];
  /** Takes in a whole list: what it does not hold is gone. */
  replace(objects: readonly T[]): readonly Change<T>[];
}

const nameKey = (name: string, namespace = ""): string => `${namespace}/${name}`;

interface Indexes<T> {
  add(object: T): void;
  remove(object: T): void;
  readonly get: (index: string, key: string) => readonly T[];
}

type IndexSpecs<T> = Readonly<Record<string, IndexKeys<T>>>;

const openIndexes = <T extends Identified>(specs: IndexSpecs<T>): Indexes<T> => {
  const members = new Map<string, Map<string, T>>();
  const placesOf = (object: T): readonly string[] =>
    Object.entries(specs).flatMap(([index, keys]) => keys(object).map(key => `${index} ${key}`));

  const add = (object: T): void => {
    for (const place of placesOf(object)) {
      const there = members.get(place) ?? new Map<string, T>();
      members.set(place, there.set(object.uid, object));
    }
  };
  const remove = (object: T): void => {
    for (const place of placesOf(object)) {
      const there = members.get(place);
      there?.delete(object.uid);
      if (there?.size === 0) members.delete(place);
    }
  };
  return { add, remove, get: (index, key) => [...(members.get(`${index} ${key}`)?.values() ?? [])] };
};

/**
 * Objects by uid. The uid is the identity: an object deleted and made again under the same name is another one,
 * and a reader that counts deletions has to hear of both, even if a relist shows only the second.
 */
export const openStore = <T extends Identified>(specs: IndexSpecs<T> = {}): Store<T> => {
  const byUid = new Map<string, T>();
  const uidOfName = new Map<string, string>();
  const indexes = openIndexes(specs);

  const remove = (uid: string): readonly Change<T>[] => {
    const object = byUid.get(uid);
    if (object === undefined) return [];
    byUid.delete(uid);
    uidOfName.delete(nameKey(object.name, object.namespace));
    indexes.remove(object);
    return [{ kind: "gone", object }];
  };
  const set = (object: T): readonly Change<T>[] => {
    const old = byUid.get(object.uid);
    if (old?.resourceVersion === object.resourceVersion) return [];
    const key = nameKey(object.name, object.namespace);
    const namesake = uidOfName.get(key) ?? object.uid;
    const gone = namesake === object.uid ? [] : remove(namesake);
    if (old !== undefined) indexes.remove(old);
    indexes.add(object);
    byUid.set(object.uid, object);
    uidOfName.set(key, object.uid);
    return [...gone, { kind: "set", object }];
  };
  const replace = (objects: readonly T[]): readonly Change<T>[] => {
    const listed = new Set(objects.map(object => object.uid));
    const gone = [...byUid.keys()].filter(uid => !listed.has(uid)).flatMap(remove);
    return [...gone, ...objects.flatMap(set)];
  };
  const byName = (name: string, namespace?: string): T | undefined =>
    byUid.get(uidOfName.get(nameKey(name, namespace)) ?? "");
  return { byUid, byName, by: indexes.get, set, drop: object => remove(object.uid), replace };
};

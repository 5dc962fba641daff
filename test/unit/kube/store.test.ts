import fc from "fast-check";
import { openStore, type Change, type Identified } from "../../../kube/store";

interface Thing extends Identified {
  readonly node: string;
}

const thing = (uid: string, name: string, more: Partial<Thing> = {}): Thing => ({
  uid,
  name,
  namespace: "a",
  resourceVersion: "1",
  node: "n1",
  ...more,
});
const words = (changes: readonly Change<Thing>[]): string[] =>
  changes.map(({ kind, object }) => `${kind} ${object.uid}`);
const open = () => openStore<Thing>({ node: object => [object.node] });

describe("a store", () => {
  it("tells of a new object and of a new version, not of the same one again", () => {
    const store = open();
    const versions = ["1", "1", "2"].map(resourceVersion => thing("1", "x", { resourceVersion }));
    const changes = versions.map(object => store.set(object));
    expect(changes.map(words)).toEqual([["set 1"], [], ["set 1"]]);
  });

  it("hears of both when a list shows an object made again under its old name", () => {
    const store = open();
    store.set(thing("old", "x"));
    expect(words(store.replace([thing("new", "x")]))).toEqual(["gone old", "set new"]);
    expect(store.byName("x", "a")?.uid).toBe("new");
  });

  it("hears of both when a watch shows only the new one", () => {
    const store = open();
    store.set(thing("old", "x"));
    expect(words(store.set(thing("new", "x")))).toEqual(["gone old", "set new"]);
  });

  it("does not lose the new one when the old one's deletion comes late", () => {
    const store = open();
    store.set(thing("old", "x"));
    store.set(thing("new", "x"));
    expect(words(store.drop(thing("old", "x")))).toEqual([]);
    expect(store.byName("x", "a")?.uid).toBe("new");
  });

  it("tells namesakes of two namespaces apart", () => {
    const store = open();
    store.set(thing("1", "x"));
    store.set(thing("2", "x", { namespace: "b" }));
    expect([store.byName("x", "a")?.uid, store.byName("x", "b")?.uid]).toEqual(["1", "2"]);
  });

  it("moves an object to its new place in an index", () => {
    const store = open();
    store.set(thing("1", "x"));
    store.set(thing("1", "x", { node: "n2", resourceVersion: "2" }));
    expect([store.by("node", "n1"), store.by("node", "n2").map(({ uid }) => uid)]).toEqual([[], ["1"]]);
  });

  it("finds nothing under an index or key nobody knows", () => {
    expect([open().by("zone", "n1"), open().by("node", "n9")]).toEqual([[], []]);
  });
});

const anyThing = fc.record({
  uid: fc.constantFrom("1", "2", "3", "4", "5"),
  name: fc.constantFrom("x", "y", "z"),
  namespace: fc.constantFrom("a", "b"),
  resourceVersion: fc.constantFrom("1", "2", "3"),
  node: fc.constantFrom("n1", "n2"),
});
const uniquely = (things: readonly Thing[]): Thing[] => {
  const byName = new Map(things.map(object => [`${object.namespace ?? ""}/${object.name}`, object]));
  return [...new Map([...byName.values()].map(object => [object.uid, object])).values()];
};
const step = fc.oneof(
  fc.record({ kind: fc.constant("set" as const), object: anyThing }),
  fc.record({ kind: fc.constant("drop" as const), object: anyThing }),
  fc.record({ kind: fc.constant("replace" as const), objects: fc.array(anyThing).map(uniquely) }),
);

it("keeps one object a name, and its indexes and changes agree with what it holds", () => {
  fc.assert(
    fc.property(fc.array(step), steps => {
      const store = open();
      const folded = new Map<string, Thing>();
      for (const next of steps) {
        const changes = next.kind === "replace" ? store.replace(next.objects) : store[next.kind](next.object);
        for (const { kind, object } of changes) {
          if (kind === "set") folded.set(object.uid, object);
          else expect(folded.delete(object.uid)).toBe(true);
        }
      }
      const held = [...store.byUid.values()];
      expect(new Map(store.byUid)).toEqual(folded);
      expect(new Set(held.map(object => `${object.namespace ?? ""}/${object.name}`)).size).toBe(held.length);
      const indexed = ["n1", "n2"].flatMap(node => store.by("node", node));
      expect(indexed.map(({ uid }) => uid).sort()).toEqual(held.map(({ uid }) => uid).sort());
    }),
  );
});

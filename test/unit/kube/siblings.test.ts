import fc from "fast-check";
import { likeSiblings } from "../../../kube";

interface Thing {
  readonly name: string;
  readonly owner?: { readonly uid: string };
  readonly labels: unknown;
}

const parse = (raw: unknown): Thing => JSON.parse(raw as string) as Thing;

const text = (thing: Thing): string => JSON.stringify(thing);

const owned = (name: string, labels: unknown, uid = "replicaset"): string =>
  text({ name, owner: { uid }, labels });

it("keeps once what siblings have in common, however deep it lies", () => {
  const project = likeSiblings(parse);
  const first = project(owned("a", { app: "shop", limits: [{ cpu: 1 }] }));
  const second = project(owned("b", { app: "shop", limits: [{ cpu: 1 }] }));
  const third = project(owned("c", { app: "shop", index: "2", limits: [{ cpu: 1 }] }));
  expect(second.labels).toBe(first.labels);
  expect(second.owner).toBe(first.owner);
  expect((third.labels as Record<string, unknown>)["limits"]).toBe(
    (first.labels as Record<string, unknown>)["limits"],
  );
});

it("shares nothing between owners, nor where there is none", () => {
  const project = likeSiblings(parse);
  const [a, b] = [project(owned("a", ["x"], "one")), project(owned("b", ["x"], "two"))];
  const [c, d] = [project(text({ name: "c", labels: ["x"] })), project(text({ name: "d", labels: ["x"] }))];
  expect(b.labels).not.toBe(a.labels);
  expect(d.labels).not.toBe(c.labels);
});

it("tells the same as the projection alone", () => {
  const project = likeSiblings(parse);
  const things = fc.record({
    name: fc.string(),
    owner: fc.constant({ uid: "replicaset" }),
    labels: fc.jsonValue(),
  });
  fc.assert(
    fc.property(fc.array(things, { minLength: 2, maxLength: 5 }), all => {
      const seen = all.map(thing => project(text(thing)));
      expect(seen).toEqual(all.map(thing => parse(text(thing))));
    }),
  );
});

it("does not take an absent field for one that is undefined", () => {
  const project = likeSiblings(raw => raw as Thing);
  project({ name: "a", owner: { uid: "x" }, labels: { one: undefined } });
  expect(project({ name: "b", owner: { uid: "x" }, labels: { two: undefined } }).labels).toStrictEqual({
    two: undefined,
  });
});

import fc from "fast-check";
import { formerValues, versioned, type VersionedMap } from "../../../../core/drain/versioned";

const edits = fc.array(
  fc.record({ of: fc.nat(), key: fc.nat(4), value: fc.option(fc.nat(3), { nil: undefined }) }),
  { maxLength: 25 },
);

it("every version stays what it was, whatever is made of it and in whatever order they are read", () => {
  fc.assert(
    fc.property(edits, fc.array(fc.nat(), { maxLength: 10 }), (steps, reads) => {
      const versions: VersionedMap<number, number>[] = [versioned()];
      const models: ReadonlyMap<number, number>[] = [new Map()];
      for (const { of, key, value } of steps) {
        const at = of % versions.length;
        const copy = new Map(models[at]);
        if (value === undefined) copy.delete(key);
        else copy.set(key, value);
        models.push(copy);
        const base = versions[at] ?? versioned();
        versions.push(value === undefined ? base.without(key) : base.with(key, value));
      }
      for (const at of reads.map(n => n % versions.length)) expect(new Map(versions[at])).toEqual(models[at]);
    }),
  );
});

it("tells every key in which two versions differ, with what it had before", () => {
  fc.assert(
    fc.property(edits, fc.nat(), fc.nat(), (steps, a, b) => {
      const versions: VersionedMap<number, number>[] = [versioned()];
      for (const { of, key, value } of steps) {
        const base = versions[of % versions.length] ?? versioned();
        versions.push(value === undefined ? base.without(key) : base.with(key, value));
      }
      const before = versions[a % versions.length] ?? versioned();
      const after = versions[b % versions.length] ?? versioned();
      const former = formerValues(before, after) ?? new Map<number, number>();
      const was = new Map(before);
      const is = new Map(after);
      const keys = [0, 1, 2, 3, 4];
      expect([...former.keys()]).toEqual(
        expect.arrayContaining(keys.filter(key => was.get(key) !== is.get(key))),
      );
      for (const [key, value] of former) expect(value).toBe(was.get(key));
    }),
  );
});

it("does not pretend to know how maps of different origin differ", () => {
  expect(formerValues(versioned([[1, 1]]), versioned([[1, 1]]))).toBeUndefined();
  expect(formerValues(new Map(), versioned())).toBeUndefined();
});

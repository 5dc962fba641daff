import fc from "fast-check";
import { inputsDiffer, inputsWithin, UNKNOWN, withoutUndefined } from "../../../components/gates/host/stored";

const stored = { gate: "Migration", epoch: 3, pool: "workers", __provider: "text", outcome: { moved: 4 } };

describe("what a shell's state says about change", () => {
  it("sees no change when only what apply added differs", () => {
    const { outcome: _outcome, ...inputs } = stored;
    expect(inputsDiffer(stored, inputs, ["outcome"])).toBe(false);
  });

  it("sees a changed input, an input that is gone, and one not known yet", () => {
    const { outcome: _outcome, ...inputs } = stored;
    const { pool: _pool, ...without } = inputs;
    expect(inputsDiffer(stored, { ...inputs, epoch: 4 }, ["outcome"])).toBe(true);
    expect(inputsDiffer(stored, without, ["outcome"])).toBe(true);
    expect(inputsDiffer(stored, { ...inputs, epoch: UNKNOWN }, ["outcome"])).toBe(true);
  });

  it("counts a changed shell as a change, or delete would run the old one", () => {
    const { outcome: _outcome, ...inputs } = stored;
    expect(inputsDiffer(stored, { ...inputs, __provider: "other" }, ["outcome"])).toBe(true);
  });

  it("is no step because the resource has another name in the engine", () => {
    const { outcome: _outcome, ...inputs } = stored;
    expect(inputsDiffer({ ...stored, urn: "urn:a" }, { ...inputs, urn: "urn:b" }, ["outcome"])).toBe(false);
    expect(inputsDiffer(stored, { ...inputs, urn: "urn:b" }, ["outcome"])).toBe(false);
  });

  it("keeps the shell's text and added outputs out of the inputs", () => {
    expect(inputsWithin(stored, ["outcome"])).toEqual({ gate: "Migration", epoch: 3, pool: "workers" });
  });
});

describe("outputs for the engine", () => {
  const hasUndefined = (value: unknown): boolean =>
    value === undefined ||
    (value !== null && typeof value === "object" && Object.values(value).some(inner => hasUndefined(inner)));

  it("hold no undefined at any depth", () => {
    const part = fc.oneof(fc.constant(undefined), fc.integer(), fc.string());
    const tree = fc.letrec<{ node: unknown }>(tie => ({
      node: fc.oneof({ depthSize: "small" }, part, fc.dictionary(fc.string(), tie("node"))),
    })).node;
    fc.assert(fc.property(fc.dictionary(fc.string(), tree), value => !hasUndefined(withoutUndefined(value))));
  });
});

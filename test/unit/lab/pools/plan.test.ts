import fc from "fast-check";
import { nodeName } from "../../../../lab/pools/node";
import { planNodes } from "../../../../lab/pools/plan";

const generation = "workers-1-36-7c2e90";
const nodes = (...indexes: number[]): readonly string[] => indexes.map(index => nodeName(generation, index));

describe("planNodes", () => {
  it("makes the lowest free numbers", () => {
    expect(planNodes({ generation, desired: 4, closed: false }, nodes(0, 2))).toEqual({
      make: [1, 3],
      take: [],
    });
  });

  it("gives the highest numbers back, counted as numbers", () => {
    expect(planNodes({ generation, desired: 2, closed: false }, nodes(10, 9, 0, 1))).toEqual({
      make: [],
      take: nodes(10, 9),
    });
  });

  it("fills a closed pool up with nothing", () => {
    expect(planNodes({ generation, desired: 4, closed: true }, nodes(0))).toEqual({ make: [], take: [] });
  });

  it("ends at the desired number, and never makes what is there", () => {
    const indexes = fc.uniqueArray(fc.nat(40), { maxLength: 20 });
    fc.assert(
      fc.property(indexes, fc.nat(30), (present, desired) => {
        const { make, take } = planNodes({ generation, desired, closed: false }, nodes(...present));
        expect(present.length + make.length - take.length).toBe(desired);
        expect(make.filter(index => present.includes(index))).toEqual([]);
        expect(make.length === 0 || take.length === 0).toBe(true);
      }),
    );
  });
});

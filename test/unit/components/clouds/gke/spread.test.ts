import fc from "fast-check";
import { spread, sum } from "../../../../../components/clouds/gke/live/spread";

const sizes = fc.array(fc.nat(20), { minLength: 1, maxLength: 4 });

describe("a pool's total over the groups of its zones", () => {
  it("is met exactly, never below zero, and no group goes the other way", () => {
    fc.assert(
      fc.property(sizes, fc.nat(100), (before, total) => {
        const after = spread(before, total);
        expect(sum(after)).toBe(total);
        expect(Math.min(...after)).toBeGreaterThanOrEqual(0);
        const grows = total >= sum(before);
        after.forEach((size, index) => {
          expect(grows ? size >= (before[index] ?? 0) : size <= (before[index] ?? 0)).toBe(true);
        });
      }),
    );
  });

  it.each([
    [[1, 1], 3, [2, 1]],
    [[3, 1], 5, [3, 2]],
    [[3, 1], 3, [2, 1]],
    [[2, 2], 4, [2, 2]],
  ])("%j becomes a total of %i as %j", (before, total, after) => {
    expect(spread(before, total)).toEqual(after);
  });
});

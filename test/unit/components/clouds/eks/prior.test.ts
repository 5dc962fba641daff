import fc from "fast-check";
import { describePrior, parsePrior, REFILLING } from "../../../../../components/clouds/eks/live/prior";

describe("what a node group was before it was closed", () => {
  const prior = fc.record({
    min: fc.nat(500),
    max: fc.nat(500),
    suspended: fc.subarray([...REFILLING, "AlarmNotification"]),
  });

  it("is read back as it was written, in letters that a tag of AWS may hold", () => {
    fc.assert(
      fc.property(prior, value => {
        const text = describePrior(value);
        expect(text).toMatch(/^[A-Za-z0-9 +=._:/@-]{0,256}$/);
        expect(parsePrior(text)).toEqual(value);
      }),
    );
  });

  it.each(["", "min=1", "min=x max=2 suspended="])("is not guessed from %p", text => {
    expect(parsePrior(text)).toBeUndefined();
  });
});

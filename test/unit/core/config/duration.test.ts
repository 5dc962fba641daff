import fc from "fast-check";
import { describeDuration, duration } from "../../../../core/config/duration";

describe("a length of time", () => {
  it.each([
    ["30s", 30],
    ["50m", 3000],
    ["2h", 7200],
    ["1d", 86400],
  ])("%s is %i seconds", (text, seconds) => {
    expect(duration().parse(text)).toBe(seconds);
  });

  it("is written as the shortest text that reads back as the same", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900_000 }), seconds => {
        expect(duration().parse(describeDuration(seconds))).toBe(seconds);
      }),
    );
    expect(describeDuration(7200)).toBe("2h");
  });
});

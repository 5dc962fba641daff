import fc from "fast-check";
import { judgeWeight } from "../../../../core/handover/weight";

const steps = [5, 25, 50, 100];

describe("a change of weight", () => {
  it.each([
    [0, 0],
    [0, 5],
    [5, 20],
    [5, 25],
    [50, 100],
    [100, 100],
    [100, 0],
    [50, 7],
  ])("from %d % to %d % is a step", (proven, wanted) => {
    expect(judgeWeight({ proven, wanted, steps })).toEqual([]);
  });

  it("names the next step where one is skipped", () => {
    const [problem] = judgeWeight({ proven: 5, wanted: 50, steps });
    expect(problem).toMatchObject({ code: "Handover.SkippedStep" });
    expect(problem?.fix).toContain('"25%"');
  });

  it("never lets green carry more than the step after what was proven", () => {
    const weight = fc.integer({ min: 0, max: 100 });
    fc.assert(
      fc.property(weight, weight, (proven, wanted) => {
        const passes = judgeWeight({ proven, wanted, steps }).length === 0;
        expect(passes).toBe(steps.filter(step => step > proven && step < wanted).length === 0);
      }),
    );
  });
});

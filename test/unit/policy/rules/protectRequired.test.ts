import { protectRequired as rule } from "../../../../policy/rules/protectRequired";
import { analyze, GENERATION, STRANGER, UNKNOWN } from "../../../support/analyze";

const generation = (protect: unknown, requireProtect: unknown) => ({
  type: GENERATION,
  props: { pool: "workers", generation: "workers-1-36-abcdef", protect, requireProtect },
});

describe("protect-required", () => {
  it("passes a protected generation", () => {
    expect(analyze(rule, generation(true, true))).toEqual({ violations: [] });
  });
  it("fails an unprotected one where the stack asks for protection", () => {
    expect(analyze(rule, generation(false, true)).violations).toEqual([
      "workers-1-36-abcdef is not protected; set pools.workers.strategy.kind: staged and leave protect on",
    ]);
  });
  it("fails it everywhere when the policy config says so", () => {
    expect(
      analyze(rule, { ...generation(false, false), config: { everywhere: true } }).violations,
    ).toHaveLength(1);
  });
  it("does not apply where nobody asks for it, nor to other resources", () => {
    expect(analyze(rule, generation(false, false)).notApplicable).toContain(
      "neither the stack nor the policy config",
    );
    expect(analyze(rule, STRANGER).notApplicable).toBeDefined();
  });
  it.each([
    [UNKNOWN, true],
    [true, UNKNOWN],
    [undefined, true],
    ["yes", true],
  ])("fails what it can't read: %p, %p", (protect, required) => {
    expect(analyze(rule, generation(protect, required)).violations).toEqual([
      expect.stringContaining("can't be judged"),
    ]);
  });
});

import { STANDARD } from "../../../../policy/packs";

describe("the standard pack", () => {
  it("has these rules: users' policy configs refer to their names", () => {
    expect(
      STANDARD.map(({ name, enforcementLevel }) => `${name} ${String(enforcementLevel)}`).sort(),
    ).toEqual([
      "drain-deadline-bounded mandatory",
      "generation-hash-matches-inputs mandatory",
      "kubelet-within-skew mandatory",
      "no-control-plane-downgrade mandatory",
      "no-end-of-life-version advisory",
      "no-green-while-emulated mandatory",
      "no-skipped-minor mandatory",
      "pool-not-newer-than-control-plane mandatory",
      "protect-required mandatory",
    ]);
  });

  it("gives each rule a reason and a severity", () => {
    for (const rule of STANDARD) {
      expect(rule.description.length).toBeGreaterThan(20);
      expect(rule.severity).toBeDefined();
    }
  });
});

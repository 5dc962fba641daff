import { noEndOfLifeVersion as rule } from "../../../../policy/rules/noEndOfLifeVersion";
import { analyze, STRANGER, UNKNOWN, versionRecord } from "../../../support/analyze";

const on = (day: string, check: () => void): void => {
  jest.useFakeTimers({ now: new Date(day) });
  try {
    check();
  } finally {
    jest.useRealTimers();
  }
};
const pools = (...versions: readonly unknown[]) =>
  versionRecord({ pools: versions.map((version, index) => ({ name: `p${String(index)}`, version })) });

describe("no-end-of-life-version", () => {
  it("only advises", () => {
    expect(rule.enforcementLevel).toBe("advisory");
  });
  it("passes until the last day of support, and not on the next", () => {
    on("2027-06-28", () => expect(analyze(rule, pools("1.36"))).toEqual({ violations: [] }));
    on("2027-06-29", () => expect(analyze(rule, pools("1.36")).violations).toHaveLength(2));
  });
  it("takes the cloud's own calendar where it is known", () => {
    const eks = versionRecord({ connection: { cloud: "eks" } });
    on("2027-07-15", () => expect(analyze(rule, eks)).toEqual({ violations: [] }));
  });
  it("names only the bad ones", () => {
    on("2026-11-21", () => {
      expect(analyze(rule, pools("1.36", "1.34")).violations).toEqual([
        expect.stringContaining("pools.p1.version: 1.34 has had no standard support since 2026-10-27"),
      ]);
    });
  });
  it("says nothing of other resources", () => {
    expect(analyze(rule, STRANGER).notApplicable).toBeDefined();
  });
  it.each([UNKNOWN, "1.99"])("flags a version of which nothing is known: %p", version => {
    expect(analyze(rule, pools(version)).violations).toEqual([expect.stringContaining("can't be judged")]);
  });
});

import { noGreenWhileEmulated as rule } from "../../../../policy/rules/noGreenWhileEmulated";
import { analyze, STRANGER, UNKNOWN, versionRecord } from "../../../support/analyze";

const emulated = (...versions: readonly unknown[]) =>
  versionRecord({
    stage: "emulated",
    pools: versions.map((version, index) => ({ name: `p${String(index)}`, version })),
  });

describe("no-green-while-emulated", () => {
  it("passes pools that stay at the old minor", () => {
    expect(analyze(rule, emulated("1.35", "1.34"))).toEqual({ violations: [] });
  });
  it("fails a pool at the new minor", () => {
    expect(analyze(rule, emulated("1.36")).violations).toEqual([
      expect.stringContaining("would close the way back"),
    ]);
  });
  it("names only the bad ones", () => {
    expect(analyze(rule, emulated("1.35", "1.36")).violations).toEqual([
      expect.stringMatching(/^pools\.p1\.version/),
    ]);
  });
  it("does not apply once the control plane is final, nor to other resources", () => {
    expect(analyze(rule, versionRecord()).notApplicable).toBe("the control plane is to serve its own minor");
    expect(analyze(rule, STRANGER).notApplicable).toBeDefined();
  });
  it("fails what it can't read", () => {
    expect(analyze(rule, versionRecord({ stage: UNKNOWN })).violations).toEqual([
      expect.stringContaining("can't be judged"),
    ]);
    expect(analyze(rule, emulated(UNKNOWN)).violations).toEqual([expect.stringContaining("can't be judged")]);
  });
});

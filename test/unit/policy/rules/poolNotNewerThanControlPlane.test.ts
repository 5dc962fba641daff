import { poolNotNewerThanControlPlane as rule } from "../../../../policy/rules/poolNotNewerThanControlPlane";
import { analyze, STRANGER, UNKNOWN, versionRecord } from "../../../support/analyze";

const pools = (...versions: readonly unknown[]) =>
  versionRecord({ pools: versions.map((version, index) => ({ name: `p${String(index)}`, version })) });

describe("pool-not-newer-than-control-plane", () => {
  it("passes the same minor, an older one, and another patch", () => {
    expect(analyze(rule, pools("1.36", "1.35", "1.36.4"))).toEqual({ violations: [] });
  });
  it("fails a newer minor", () => {
    expect(analyze(rule, pools("1.37")).violations).toEqual([
      expect.stringContaining("a kubelet may never be newer"),
    ]);
  });
  it("names only the bad ones", () => {
    expect(analyze(rule, pools("1.36", "1.37", "1.35", "1.38")).violations).toEqual([
      expect.stringMatching(/^pools\.p1\.version/),
      expect.stringMatching(/^pools\.p3\.version/),
    ]);
  });
  it("says nothing of other resources", () => {
    expect(analyze(rule, STRANGER).notApplicable).toBeDefined();
  });
  it("fails what it can't read", () => {
    expect(analyze(rule, pools("1.36", UNKNOWN)).violations).toEqual([
      expect.stringContaining("can't be judged"),
    ]);
  });
});

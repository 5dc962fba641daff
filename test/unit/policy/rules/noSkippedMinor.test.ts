import { noSkippedMinor as rule } from "../../../../policy/rules/noSkippedMinor";
import { analyze, STRANGER, UNKNOWN, versionRecord } from "../../../support/analyze";

describe("no-skipped-minor", () => {
  it("passes the next minor", () => {
    expect(analyze(rule, versionRecord())).toEqual({ violations: [] });
  });
  it("passes no move, and the first one", () => {
    expect(analyze(rule, versionRecord({ fromVersion: "1.36" }))).toEqual({ violations: [] });
  });
  it("fails two minors, and says how far it may go", () => {
    expect(analyze(rule, versionRecord({ version: "1.37" })).violations).toEqual([
      expect.stringContaining(
        'it may go to 1.36 at most, one minor at a time. Fix: set cluster.version: "1.36"',
      ),
    ]);
  });
  it("fails a move beyond a minor that is only emulated", () => {
    const record = versionRecord({ fromVersion: "1.36", fromStage: "emulated", version: "1.37" });
    expect(analyze(rule, record).violations).toHaveLength(1);
  });
  it("says nothing of other resources", () => {
    expect(analyze(rule, STRANGER)).toMatchObject({
      violations: [],
      notApplicable: expect.stringContaining("VersionRecord") as string,
    });
  });
  it.each([
    { version: UNKNOWN },
    { fromVersion: UNKNOWN },
    { fromVersion: undefined },
    { version: "soon" },
    { stage: 3 },
  ])("fails what it can't read: %j", over => {
    expect(analyze(rule, versionRecord(over)).violations).toEqual([
      expect.stringContaining("can't be judged"),
    ]);
  });
});

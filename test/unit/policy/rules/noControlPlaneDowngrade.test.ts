import { noControlPlaneDowngrade as rule } from "../../../../policy/rules/noControlPlaneDowngrade";
import { analyze, STRANGER, UNKNOWN, versionRecord } from "../../../support/analyze";

describe("no-control-plane-downgrade", () => {
  it("passes a move up", () => {
    expect(analyze(rule, versionRecord())).toEqual({ violations: [] });
  });
  it("passes the way back to the minor that is still served", () => {
    const back = versionRecord({ fromVersion: "1.36", fromStage: "emulated", version: "1.35" });
    expect(analyze(rule, back)).toEqual({ violations: [] });
  });
  it("fails a step back from a final minor", () => {
    const back = versionRecord({ fromVersion: "1.36", version: "1.35" });
    expect(analyze(rule, back).violations).toEqual([
      expect.stringContaining("the way back closed when it became final"),
    ]);
  });
  it("passes a step back that the gate found open at the cloud, to that minor alone", () => {
    const back = { fromVersion: "1.36", version: "1.35", backTo: "1.35" };
    expect(analyze(rule, versionRecord(back))).toEqual({ violations: [] });
    expect(analyze(rule, versionRecord({ ...back, version: "1.34" })).violations).toHaveLength(1);
  });
  it("fails a step back to emulating", () => {
    expect(analyze(rule, versionRecord({ fromVersion: "1.36", stage: "emulated" })).violations).toHaveLength(
      1,
    );
  });
  it("says nothing of other resources", () => {
    expect(analyze(rule, STRANGER).notApplicable).toBeDefined();
  });
  it.each([{ version: UNKNOWN }, { fromStage: UNKNOWN }, { fromStage: undefined }])(
    "fails what it can't read: %j",
    over => {
      expect(analyze(rule, versionRecord(over)).violations).toEqual([
        expect.stringContaining("can't be judged"),
      ]);
    },
  );
});

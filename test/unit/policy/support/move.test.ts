import { noControlPlaneDowngrade } from "../../../../policy/rules/noControlPlaneDowngrade";
import { noSkippedMinor } from "../../../../policy/rules/noSkippedMinor";
import { analyze, UNKNOWN, upgradeGate } from "../../../support/analyze";

const gate = (move?: object) => {
  const { type, props } = upgradeGate({ version: "1.36", stage: "final" }, []);
  return { type, props: { ...props, ...(move === undefined ? {} : { move }) } };
};

const step = { fromVersion: "1.35.8", fromStage: "final", version: "1.36", stage: "final" };

describe("a rule about the control plane's move, on an UpgradeGate", () => {
  it("reads what the live cluster showed", () => {
    expect(analyze(noSkippedMinor, gate(step))).toEqual({ violations: [] });
    expect(analyze(noSkippedMinor, gate({ ...step, version: "1.37" })).violations).toEqual([
      expect.stringContaining('Fix: set cluster.version: "1.36"'),
    ]);
    expect(analyze(noControlPlaneDowngrade, gate({ ...step, version: "1.34" })).violations).toHaveLength(1);
  });

  it("leaves it to the VersionRecord where the cluster could not be asked", () => {
    expect(analyze(noSkippedMinor, gate())).toMatchObject({
      violations: [],
      notApplicable: expect.stringContaining("VersionRecord is judged") as string,
    });
  });

  it.each([UNKNOWN, {}, { ...step, fromVersion: UNKNOWN }, { ...step, version: "soon" }])(
    "fails what it can't read: %j",
    move => {
      expect(analyze(noSkippedMinor, gate(move)).violations).toEqual([
        expect.stringContaining("can't be judged"),
      ]);
    },
  );
});

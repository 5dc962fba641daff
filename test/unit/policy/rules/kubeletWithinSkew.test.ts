import { kubeletWithinSkew as rule } from "../../../../policy/rules/kubeletWithinSkew";
import { analyze, STRANGER, UNKNOWN, upgradeGate, versionRecord } from "../../../support/analyze";

const plane = { version: "1.36", stage: "final" };
const pool = (name: string, version: unknown, retiring: readonly object[] = []) => ({
  name,
  version,
  retiring,
});

describe("kubelet-within-skew", () => {
  it.each(["1.36", "1.35", "1.33"])("passes a pool at %s under 1.36", version => {
    expect(analyze(rule, versionRecord({ pools: [{ name: "workers", version }] }))).toEqual({
      violations: [],
    });
    expect(analyze(rule, upgradeGate(plane, [pool("workers", version)]))).toEqual({ violations: [] });
  });
  it.each([
    ["1.37", "a kubelet may never be newer"],
    ["1.32", "a kubelet may trail by 3 minors"],
  ])("fails a pool at %s under 1.36", (version, why) => {
    expect(analyze(rule, versionRecord({ pools: [{ name: "workers", version }] })).violations).toEqual([
      expect.stringContaining(why),
    ]);
  });
  it("takes the cloud's own limit from the catalogue, not the resource's word for it", () => {
    const record = {
      connection: { cloud: "gke" },
      kubeletMayTrail: 9,
      pools: [{ name: "workers", version: "1.33" }],
    };
    expect(analyze(rule, versionRecord(record)).violations).toEqual([
      expect.stringContaining("may trail by 2 minors"),
    ]);
  });
  it("counts the emulated minor as the API's", () => {
    expect(analyze(rule, versionRecord({ stage: "emulated" })).violations).toHaveLength(1);
  });
  it("names only the bad ones among pools and generations being left", () => {
    const left = { generation: "gpu-1-32-abcdef", spec: { version: "1.32" } };
    const desired = upgradeGate(plane, [
      pool("workers", "1.36"),
      pool("gpu", "1.35", [left]),
      pool("apps", "1.31"),
    ]);
    expect(analyze(rule, desired).violations).toEqual([
      expect.stringContaining("pools.gpu.retiring.0.spec.version"),
      expect.stringContaining("pools.apps.version"),
    ]);
  });
  it("says nothing of other resources", () => {
    expect(analyze(rule, STRANGER).notApplicable).toBeDefined();
  });
  it.each([
    { pools: UNKNOWN },
    { pools: [{ name: "workers", version: UNKNOWN }] },
    { version: UNKNOWN },
    { connection: { cloud: UNKNOWN } },
    { connection: { cloud: "moon" } },
  ])("fails what it can't read: %j", over => {
    expect(analyze(rule, versionRecord(over)).violations).toEqual([
      expect.stringContaining("can't be judged"),
    ]);
  });
});

import { judgeAges, judgeRelease } from "../../../../../../components/clouds/eks/live/readiness/ownKarpenter";
import { codesOf } from "../../../../../support/readiness";

describe("whether Karpenter supports the versions of a step", () => {
  it.each([
    ["1.13.0", ["1.35", "1.36"], [[], []]],
    ["1.9.3", ["1.35"], [[], []]],
    ["1.12.1", ["1.35", "1.36"], [["Karpenter.TooOld"], []]],
    ["2.0.0", ["1.36"], [[], []]],
    ["1.15.0", ["1.39"], [[], ["Karpenter.ReleaseUnknown"]]],
    [undefined, ["1.36"], [[], ["Karpenter.ReleaseUnknown"]]],
    ["0.37.0", ["1.31"], [["Karpenter.TooOld"], []]],
  ])("%s for %j", (release, minors, codes) => {
    expect(codesOf(judgeRelease(release, minors))).toEqual(codes);
  });
});

describe("machines that end by their age", () => {
  const NOW = Date.parse("2026-11-01T12:00:00Z");
  const pools = [{ name: "workers", drain: { timeoutSeconds: 7_200, deadlinePerUpSeconds: 3_000 } }];
  const claim = (name: string, hours: number, { expireAfter = "24h", pool = "workers" } = {}) => ({
    metadata: {
      ...{ name, uid: name, resourceVersion: "1" },
      labels: { "changeover.dev/pool": pool, "karpenter.sh/nodepool": `${pool}-1-36-abcdef` },
      creationTimestamp: new Date(NOW - hours * 3_600_000).toISOString(),
    },
    spec: { expireAfter },
  });

  it("in the time that the run may take are refused by name", () => {
    const found = judgeAges(
      pools,
      [claim("old", 23), claim("young", 1), claim("ageless", 99, { expireAfter: "Never" })],
      NOW,
    );
    expect(codesOf(found)).toEqual([["Karpenter.Expires"], []]);
    expect(found.blockers[0]?.message).toMatch(/^old of workers-1-36-abcdef end .* within the 130 minutes/);
  });

  it("later, or of another pool, are nothing", () => {
    expect(codesOf(judgeAges(pools, [claim("a", 20), claim("b", 23, { pool: "other" })], NOW))).toEqual([
      [],
      [],
    ]);
  });
});

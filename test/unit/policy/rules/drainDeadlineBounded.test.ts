import { drainDeadlineBounded as rule } from "../../../../policy/rules/drainDeadlineBounded";
import { analyze, interlock, migration, STRANGER, UNKNOWN } from "../../../support/analyze";

describe("drain-deadline-bounded", () => {
  it("passes deadlines of hours, with an epoch that is not known yet", () => {
    expect(analyze(rule, migration({ timeoutSeconds: 7200, deadlinePerUpSeconds: 3000 }))).toEqual({
      violations: [],
    });
    expect(analyze(rule, interlock(7200))).toEqual({ violations: [] });
  });
  it("fails a deadline of a week", () => {
    expect(analyze(rule, interlock(604_800)).violations).toEqual([
      "pools.workers: timeoutSeconds is 604800; allowed is above 0 and at most 86400 seconds",
    ]);
  });
  it("names only the bad one of two", () => {
    expect(
      analyze(rule, migration({ timeoutSeconds: 100_000, deadlinePerUpSeconds: 3000 })).violations,
    ).toEqual([expect.stringContaining("drain.timeoutSeconds is 100000")]);
  });
  it("takes a tighter limit from the policy config", () => {
    expect(analyze(rule, { ...interlock(7200), config: { maxSeconds: 3600 } }).violations).toHaveLength(1);
  });
  it("says nothing of other resources", () => {
    expect(analyze(rule, STRANGER).notApplicable).toBeDefined();
  });
  it.each([
    {},
    { timeoutSeconds: UNKNOWN, deadlinePerUpSeconds: 1 },
    { timeoutSeconds: "2h", deadlinePerUpSeconds: 1 },
  ])("fails what it can't read: %j", drain => {
    expect(analyze(rule, migration(drain)).violations).toEqual([expect.stringContaining("can't be judged")]);
  });
  it("fails when its own limit can't be read", () => {
    expect(analyze(rule, { ...interlock(60), config: { maxSeconds: "long" } }).violations).toHaveLength(1);
  });
});

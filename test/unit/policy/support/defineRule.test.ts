import { defineRule } from "../../../../policy/support/defineRule";
import { analyze } from "../../../support/analyze";

const rule = (check: Parameters<typeof defineRule>[0]["check"]) =>
  defineRule({ name: "example", severity: "low", why: "because", appliesTo: ["ours"], check });
const ours = { type: "ours", props: { a: 1 } };

describe("a rule", () => {
  it("that throws counts as a violation", () => {
    const broken = rule(() => {
      throw new Error("a bug of ours");
    });
    expect(analyze(broken, ours).violations).toEqual([
      "subject can't be judged, and what is not known is not fine: a bug of ours",
    ]);
  });

  it("that is not applicable says why and reports nothing", () => {
    const silent = rule(() => ({ notApplicable: "no concern" }));
    expect(analyze(silent, ours)).toEqual({ violations: [], notApplicable: "no concern" });
  });

  it("is not asked about resources of other types", () => {
    const asked = jest.fn(() => []);
    analyze(rule(asked), { type: "theirs", props: {} });
    expect(asked).not.toHaveBeenCalled();
  });

  it("is mandatory unless it says otherwise", () => {
    expect(rule(() => []).enforcementLevel).toBe("mandatory");
  });
});

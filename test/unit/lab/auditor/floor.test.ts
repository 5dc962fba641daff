import fc from "fast-check";
import { budgetFloor, syntheticFloor } from "../../../../lab/auditor/floor";
import { selects } from "../../../../lab/auditor/selector";

describe("the floor of a PodDisruptionBudget", () => {
  it.each([
    [{ minAvailable: 2 }, 3, 2],
    [{ minAvailable: "50%" }, 5, 3],
    [{ minAvailable: "100%" }, 5, 5],
    [{ maxUnavailable: 1 }, 3, 2],
    [{ maxUnavailable: "30%" }, 5, 3],
    [{ maxUnavailable: "100%" }, 5, 0],
    [{ maxUnavailable: 0 }, 4, 4],
    [{}, 4, 0],
  ])("%j over %i replicas holds %i", (limits, replicas, floor) => {
    expect(budgetFloor(limits, replicas)).toBe(floor);
  });

  it("never asks for more pods than there should be, or for fewer than none", () => {
    const limit = fc.oneof(
      fc.nat(50),
      fc.integer({ min: 0, max: 100 }).map(share => `${share}%`),
    );
    const limits = fc.oneof(fc.record({ minAvailable: limit }), fc.record({ maxUnavailable: limit }));
    fc.assert(
      fc.property(limits, fc.nat(40), (budget, replicas) => {
        const floor = budgetFloor(budget, replicas);
        return floor >= 0 && floor <= replicas;
      }),
    );
  });

  it("refuses a share that is none", () => {
    expect(() => budgetFloor({ minAvailable: "half" }, 3)).toThrow("neither a count nor a percentage: half");
  });
});

describe("the floor of a workload without a budget", () => {
  it.each([
    ["Deployment", 1, 0],
    ["Deployment", 2, 1],
    ["Deployment", 7, 6],
    ["Deployment", 8, 6],
    ["Deployment", 12, 9],
    ["StatefulSet", 8, 7],
    ["StatefulSet", 1, 0],
    ["Deployment", 0, 0],
  ] as const)("%s of %i holds %i", (kind, replicas, floor) => {
    expect(syntheticFloor(kind, replicas)).toBe(floor);
  });
});

describe("a selector", () => {
  const labels = { app: "web", tier: "front" };
  it.each([
    [undefined, false],
    [{}, true],
    [{ matchLabels: { app: "web" } }, true],
    [{ matchLabels: { app: "api" } }, false],
    [{ matchExpressions: [{ key: "tier", operator: "In", values: ["front", "back"] }] }, true],
    [{ matchExpressions: [{ key: "tier", operator: "NotIn", values: ["front"] }] }, false],
    [{ matchExpressions: [{ key: "zone", operator: "DoesNotExist" }] }, true],
    [{ matchExpressions: [{ key: "zone", operator: "Exists" }] }, false],
    [{ matchExpressions: [{ key: "zone", operator: "NotIn", values: ["a"] }] }, true],
    [{ matchExpressions: [{ key: "app", operator: "Unheard" }] }, false],
  ])("%j takes the pod: %s", (selector, taken) => {
    expect(selects(selector, labels)).toBe(taken);
  });
});

import { boundsOf, withBounds, withoutScaling } from "../../../../../components/clouds/aks/live/bounds";
import { parsePrior, priorOf } from "../../../../../components/clouds/aks/live/prior";

const scaled = { enableAutoScaling: true, minCount: 2, maxCount: 6, count: 3, vmSize: "Standard_D4s_v5" };

describe("what an agent pool was before it was closed", () => {
  it.each([
    ["scaled by AKS", scaled],
    ["of a fixed size", { enableAutoScaling: false, count: 3 }],
  ])("is read again as it was written: %s", (_what, pool) => {
    expect(parsePrior(JSON.stringify(priorOf(pool)))).toEqual(priorOf(pool));
  });

  it.each(['{"bounds":{"min":"two","max":4}}', '{"bounds":{}}'])("%s is no record", text => {
    expect(() => parsePrior(text)).toThrow(/can't be read/);
  });
});

describe("bounds of an agent pool", () => {
  it("go with the autoscaler, and everything else stays as it is", () => {
    const fixed = withoutScaling(scaled);
    expect(fixed).toEqual({ enableAutoScaling: false, count: 3, vmSize: "Standard_D4s_v5" });
    expect(boundsOf(fixed)).toBeUndefined();
    expect(withBounds(fixed, { min: 2, max: 6 })).toEqual(scaled);
  });

  it("take the count with them", () => {
    expect(withBounds(scaled, { min: 5, max: 5 })).toMatchObject({ minCount: 5, maxCount: 5, count: 5 });
    expect(withBounds(scaled, { min: 1, max: 2 })).toMatchObject({ count: 2 });
  });
});

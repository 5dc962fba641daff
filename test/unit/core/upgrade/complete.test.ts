import { isTransitionComplete, servesVersion } from "../../../../core/upgrade/complete";
import type { Ledger } from "../../../../core/upgrade/ledger";
import { observe } from "./situations";

const wanted = { version: "1.36", stage: "final", generations: { workers: "green" } } as const;
const ledger = (over: object = {}): Ledger => ({
  pools: { workers: { active: "green", epoch: 2, completed: 2, ...over } },
});

describe("whether a control plane serves what was asked for", () => {
  it.each([
    [{ binary: "1.36.4" }, { version: "1.36", stage: "final" }, true],
    [{ binary: "1.36.4", emulated: "1.36" }, { version: "1.36", stage: "final" }, true],
    [{ binary: "1.36.4", emulated: "1.35" }, { version: "1.36", stage: "emulated" }, true],
    [{ binary: "1.36.4", emulated: "1.35" }, { version: "1.36", stage: "final" }, false],
    [{ binary: "1.36.4" }, { version: "1.36", stage: "emulated" }, false],
    [{ binary: "1.36.4" }, { version: "1.36.3", stage: "final" }, false],
    [{ binary: "1.35.8" }, { version: "1.36", stage: "final" }, false],
    [{ binary: "odd" }, { version: "1.36", stage: "final" }, false],
  ] as const)("%j for %j: %p", (live, asked, answer) => {
    expect(servesVersion(live, asked)).toBe(answer);
  });
});

describe("a transition is complete", () => {
  it("when version, active generation and this epoch's completion are all there", () => {
    expect(isTransitionComplete(observe({ binary: "1.36.4" }, [], ledger()), wanted)).toBe(true);
  });

  it.each([
    ["there is no cluster", observe(undefined, [], ledger())],
    ["the control plane is older", observe({ binary: "1.35.8" }, [], ledger())],
    ["another generation is active", observe({ binary: "1.36.4" }, [], ledger({ active: "blue" }))],
    ["only an older epoch was completed", observe({ binary: "1.36.4" }, [], ledger({ completed: 1 }))],
    ["the pool was never activated", observe({ binary: "1.36.4" }, [], { pools: {} })],
  ])("not when %s", (_why, observed) => {
    expect(isTransitionComplete(observed, wanted)).toBe(false);
  });
});

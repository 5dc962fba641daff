import { stateMove } from "../../../../core/upgrade/move";

const wanted = { version: "1.36", stage: "final" } as const;
const there = { fromVersion: "1.36", fromStage: "final", ...wanted } as const;
const step = { ...there, fromVersion: "1.35.8" };

describe("stateMove", () => {
  it("comes from the live control plane, whatever was known", () => {
    expect(stateMove({ version: "1.35.8", stage: "final" }, wanted, undefined)).toEqual(step);
    expect(stateMove({ version: "1.35.8", stage: "final" }, wanted, there)).toEqual(step);
  });

  it("sees an emulating control plane as not there yet", () => {
    expect(stateMove({ version: "1.36.4", stage: "emulated" }, wanted, undefined)).toEqual({
      ...there,
      fromVersion: "1.36.4",
      fromStage: "emulated",
    });
  });

  it("stays what it was once arrived, and forgets a move to somewhere else", () => {
    const live = { version: "1.36.4", stage: "final" } as const;
    expect(stateMove(live, wanted, step)).toEqual(step);
    expect(stateMove(live, wanted, undefined)).toEqual(there);
    expect(stateMove(live, wanted, { ...step, version: "1.35" })).toEqual(there);
  });

  it("of a cluster that is yet to be made is none", () => {
    expect(stateMove(undefined, wanted, undefined)).toEqual(there);
  });
});

import { inputsDiffer } from "../../../components/gates/host/stored";
import { runtime } from "../../../components/gates/migration/runtime";

const INPUTS = { gate: "Migration", protocol: 1, pool: "workers", epoch: 3, __provider: "text" };
const OLD = { moved: 4, seconds: 30, percent: 100 };
const DRAIN = {
  generation: "workers-1-35-19a4bb",
  moved: 4,
  makespanSeconds: 38.4,
  lowerBoundSeconds: 36.2,
  bindingTerm: "PDB shop/cart",
};

describe("the state of a migration", () => {
  it.each([
    ["an older release, without drains", OLD],
    ["this release", { ...OLD, drains: [DRAIN] }],
  ])("written by %s shows no diff", (_by, outcome) => {
    expect(inputsDiffer({ ...INPUTS, outcome }, INPUTS, runtime.outputs)).toBe(false);
  });

  it("shows a diff when the epoch has moved on", () => {
    expect(inputsDiffer({ ...INPUTS, outcome: OLD }, { ...INPUTS, epoch: 4 }, runtime.outputs)).toBe(true);
  });
});

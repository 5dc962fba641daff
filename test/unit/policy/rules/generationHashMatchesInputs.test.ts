import { generationIdOf, generationInputs } from "../../../../core/identity/generation";
import { generationHashMatchesInputs as rule } from "../../../../policy/rules/generationHashMatchesInputs";
import { analyze, GENERATION, STRANGER, UNKNOWN } from "../../../support/analyze";

const inputs = generationInputs("local", "workers", {
  version: "1.36",
  machine: "large",
  zones: ["b", "a"],
  labels: { team: "shop" },
  taints: [],
});
const generation = (over: object = {}) => ({
  type: GENERATION,
  props: {
    cluster: "local",
    pool: "workers",
    version: "1.36",
    generation: generationIdOf(inputs),
    inputs,
    ...over,
  },
});

describe("generation-hash-matches-inputs", () => {
  it("passes the name that the inputs make", () => {
    expect(analyze(rule, generation())).toEqual({ violations: [] });
  });
  it("fails inputs that changed under their name", () => {
    const changed = generation({ inputs: { ...inputs, machine: "huge" } });
    expect(analyze(rule, changed).violations).toEqual([
      expect.stringContaining("its inputs make workers-1-36-"),
    ]);
  });
  it("fails what is said beside the hashed inputs and differs from them", () => {
    const { violations } = analyze(rule, generation({ version: "1.35", pool: "gpu" }));
    expect(violations).toEqual([
      expect.stringContaining('pool is "gpu"'),
      expect.stringContaining('version is "1.35"'),
    ]);
  });
  it("reports a wrong name and a wrong version together", () => {
    expect(
      analyze(rule, generation({ generation: "workers-1-36-000000", version: "1.35" })).violations,
    ).toHaveLength(2);
  });
  it("says nothing of other resources", () => {
    expect(analyze(rule, STRANGER).notApplicable).toBeDefined();
  });
  it.each([
    { inputs: UNKNOWN },
    { inputs: { ...inputs, machine: UNKNOWN } },
    { inputs: { ...inputs, labels: { team: UNKNOWN } } },
    { inputs: { ...inputs, version: "new" } },
    { generation: undefined },
  ])("fails what it can't read: %j", over => {
    expect(analyze(rule, generation(over)).violations).toEqual([expect.stringContaining("can't be judged")]);
  });
});

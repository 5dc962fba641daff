import { CALM_STORY, type Kill, type Story } from "../../../../support/drainSimulator/story";
import { type Told, tellStory } from "../../../../support/drainSimulator/tellStory";

/** What is left behind; how it came to be may differ. */
const endOf = ({ outcome, left, ready }: Told) => ({ kind: outcome?.kind, left, ready });

const smallStory: Story = {
  ...CALM_STORY,
  workloads: [
    { name: "web", kind: "Deployment", replicas: 4, graceMs: 2_000, startMs: 3_000 },
    { name: "db", kind: "StatefulSet", replicas: 3, graceMs: 1_000, startMs: 2_000 },
    { name: "api", kind: "Deployment", replicas: 4, graceMs: 1_000, startMs: 2_000, broken: 1 },
    { name: "stuck", kind: "Deployment", replicas: 2, graceMs: 1_000, startMs: 2_000 },
  ],
  budgets: [
    { name: "web", selects: ["web"], maxUnavailable: 1 },
    { name: "api", selects: ["api"], minAvailable: "50%" },
    { name: "stuck", selects: ["stuck"], maxUnavailable: 0 },
  ],
};

describe("a drain that is killed and started again (I8)", () => {
  it("ends as if nothing had happened after a death at each single step, with all, half or none of the step's actions done", () => {
    const undisturbed = tellStory(smallStory);
    const { steps } = undisturbed.counts;
    expect(undisturbed.outcome?.kind).toBe("blocked");
    for (let step = 1; step < steps; step++) {
      for (const done of ["none", "half", "all"] as const) {
        const kills: readonly Kill[] = [{ step, done }];
        const told = tellStory({ ...smallStory, kills });
        expect({ kills, violations: told.violations, ...endOf(told) }).toEqual({
          kills,
          violations: [],
          ...endOf(undisturbed),
        });
      }
    }
  }, 120_000);
});

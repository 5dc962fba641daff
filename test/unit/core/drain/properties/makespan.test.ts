import { startRandom } from "../../../../support/drainSimulator/clock";
import {
  CALM_PACE,
  CALM_STORY,
  type Story,
  type StoryBudget,
  type StoryWorkload,
} from "../../../../support/drainSimulator/story";
import { tellStory } from "../../../../support/drainSimulator/tellStory";

const SEEDS = Math.min(200, Number(process.env["DRAIN_SEEDS"] ?? 100));

interface Bound {
  readonly workload: StoryWorkload;
  readonly budget?: StoryBudget;
  /** How many may be down at once. */
  readonly down: number;
}

const drawBound = (random: () => number, index: number): Bound => {
  const between = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const name = `app${index}`;
  const kind = random() < 0.3 ? "StatefulSet" : "Deployment";
  const replicas = between(2, 12);
  const workload: StoryWorkload = {
    name,
    kind,
    replicas,
    graceMs: between(2, 10) * 1_000,
    startMs: between(4, 12) * 1_000,
  };
  if (random() < 0.25) {
    const down = kind === "StatefulSet" ? 1 : Math.max(1, Math.floor(replicas / 4));
    return { workload, down };
  }
  const down = between(1, Math.min(3, replicas - 1));
  const rule = random() < 0.5 ? { maxUnavailable: down } : { minAvailable: replicas - down };
  return { workload, down, budget: { name, selects: [name], ...rule } };
};

/** Time from one use of a slot to the next, with nobody idle; a StatefulSet's successor waits for the end. */
const cycleOf = ({ kind, graceMs, startMs }: StoryWorkload): number => {
  const { controllerMs, schedulerMs, disruptionMs, watchMs, callMs } = CALM_PACE;
  const overhead = controllerMs + schedulerMs + disruptionMs + watchMs + callMs;
  return startMs + overhead + (kind === "StatefulSet" ? graceMs : 0);
};

const boundOf = ({ workload, down }: Bound): number =>
  (Math.ceil(workload.replicas / down) - 1) * cycleOf(workload) + workload.graceMs;

const storyOf = (seed: number): { readonly story: Story; readonly boundMs: number } => {
  const random = startRandom(seed);
  const bounds = Array.from({ length: 1 + Math.floor(random() * 6) }, (_, index) => drawBound(random, index));
  const story = {
    ...CALM_STORY,
    seed,
    workloads: bounds.map(({ workload }) => workload),
    budgets: bounds.flatMap(({ budget }) => budget ?? []),
  };
  return { story, boundMs: Math.max(...bounds.map(boundOf)) };
};

describe("where budgets bind and nobody disturbs", () => {
  it("the drain takes at most 1.10 times the lower bound (in the model, in which the server sleeps after conflicts)", () => {
    const slow = Array.from({ length: SEEDS }, (_, seed) => {
      const { story, boundMs } = storyOf(seed);
      const told = tellStory(story);
      expect(told.outcome?.kind).toBe("drained");
      return { seed, ratio: told.makespanMs / boundMs };
    }).filter(({ ratio }) => ratio > 1.1);
    expect(slow).toEqual([]);
  }, 60_000);
});

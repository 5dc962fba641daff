import { drawStory } from "../../../../support/drainSimulator/drawStory";
import { replayCommand } from "../../../../support/drainSimulator/replay";
import { type Told, tellStory } from "../../../../support/drainSimulator/tellStory";

const SEEDS = Number(process.env["DRAIN_SEEDS"] ?? 400);
const FIRST = Number(process.env["DRAIN_FIRST_SEED"] ?? 1);
const TIMEOUT_MS = 60_000 + SEEDS * 500;

/** What is left behind; how it came to be may differ. */
const endOf = ({ outcome, left, ready }: Told) => ({ kind: outcome?.kind, left, ready });

describe("a drain that is killed and started again (I8)", () => {
  it(
    "ends as if nothing had happened, wherever it was killed",
    () => {
      for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
        const story = drawStory(seed, "kills");
        const killed = tellStory(story);
        const undisturbed = tellStory({ ...story, kills: [] });
        const replay = replayCommand(seed, "kills");
        expect({ replay, ...endOf(killed) }).toEqual({ replay, ...endOf(undisturbed) });
      }
    },
    TIMEOUT_MS,
  );
});

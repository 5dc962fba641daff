import { type Chapter, CHAPTER_NAMES, drawStory } from "../../../../support/drainSimulator/drawStory";
import { failuresOf } from "../../../../support/drainSimulator/replay";
import { tellStory } from "../../../../support/drainSimulator/tellStory";

/** Seeds a chapter. More for a night: `DRAIN_SEEDS=20000`; others: `DRAIN_FIRST_SEED=100000`. */
const SEEDS = Number(process.env["DRAIN_SEEDS"] ?? 400);
const FIRST = Number(process.env["DRAIN_FIRST_SEED"] ?? 1);

/** A machine under load, and seeds by the ten thousands. */
const TIMEOUT_MS = 60_000 + SEEDS * 500;

const TITLES: Readonly<Record<Chapter, string>> = {
  calm: "nobody disturbs",
  wire: "calls are throttled, refused, time out or lose their answer",
  mishaps: "#106 watches break, nodes die, budgets and replicas are edited, others drain and uncordon",
  kills: "the engine is killed at any step and starts again from the cluster alone",
  all: "all of this happens at once",
};

describe("a drain holds every invariant when", () => {
  it.each(CHAPTER_NAMES.map(chapter => ({ chapter, title: TITLES[chapter] })))(
    "$title",
    ({ chapter }) => {
      for (let seed = FIRST; seed < FIRST + SEEDS; seed++)
        expect(failuresOf(tellStory(drawStory(seed, chapter)), chapter)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    "the engine's own sentries watch too (they may hold it, so I10 is not asked for)",
    () => {
      for (let seed = FIRST; seed < FIRST + SEEDS / 5; seed++) {
        const { violations } = tellStory(drawStory(seed, "all"), { spec: { sentries: {} } });
        const broken = violations.filter(text => !text.includes("I10:") && !text.includes("END: blocked"));
        expect(broken).toEqual([]);
      }
    },
    TIMEOUT_MS,
  );
});

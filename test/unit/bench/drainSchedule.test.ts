import { describePlan, planOf } from "../../../bench/drain/plans";
import { EVERYBODY, type Scenario } from "../../../bench/drain/scenario";
import { lapOf, secondsOf, type Lap, type Turn } from "../../../bench/drain/schedule";
import { inWords, openTimekeeper } from "../../../bench/drain/timekeeper";

const lapsOf = (wish: Parameters<typeof planOf>[0]): readonly Lap[] => {
  const plan = planOf(wish);
  return plan.scenarios.map(scenario => lapOf(plan, scenario));
};
const orders = (lap: Lap | undefined): readonly string[] =>
  lap?.turns.map(({ contender, round }) => `${round} ${contender}`) ?? [];

describe("the turns of a scenario", () => {
  it("go round, another contender first each time", () => {
    const [lap] = lapsOf({ only: ["S4"], rounds: 2 });
    expect(orders(lap)).toEqual([
      "0 changeover",
      "0 parallel",
      "0 karpenter",
      "0 serial",
      "1 parallel",
      "1 karpenter",
      "1 serial",
      "1 changeover",
    ]);
  });

  it.each(["S1", "S2"])("have surge-first among them in %s", name => {
    const [lap] = lapsOf({ only: [name], rounds: 1 });
    expect(lap?.turns.map(({ contender }) => contender)).toEqual(EVERYBODY);
  });

  it("are ours alone with thirty thousand pods, unless others are named", () => {
    expect(orders(lapsOf({ only: ["S7"], rounds: 1 })[0])).toEqual(["0 changeover"]);
    expect(orders(lapsOf({ only: ["S7"], rounds: 1, contenders: ["parallel"] })[0])).toEqual(["0 parallel"]);
    expect(orders(lapsOf({ only: ["S8-kill"], rounds: 1, contenders: ["serial"] })[0])).toEqual([]);
  });
});

it.each([
  [1, "1 round"],
  [2, "2 rounds"],
])("a plan of %d says %s", (rounds, words) => {
  const wish = { only: ["S4", "S1"], rounds };
  expect(describePlan(planOf(wish), lapsOf(wish))).toMatch(
    new RegExp(`^S4, S1; ${words}, likely to take \\d+ .+ on two cores$`),
  );
});

describe("a quick run", () => {
  const laps = lapsOf({ quick: true });
  const first = new Map(
    laps.map(({ scenario, turns }) => [
      scenario.name,
      turns.filter(({ round }) => round === 0).map(({ contender }) => contender),
    ]),
  );

  it("has everybody in S2, and who the others are about", () => {
    expect(first.get("S2")).toEqual(EVERYBODY);
    expect(first.get("S1")).toEqual(EVERYBODY.filter(name => name !== "serial"));
    expect(first.get("S3")).toEqual(["changeover", "parallel"]);
    expect(first.get("S5")).toEqual(EVERYBODY.filter(name => !["surgeFirst", "serial"].includes(name)));
  });

  it("has fifty nodes where the lead over serial drains is shown, which ends them no sooner than that", () => {
    const plan = planOf({ quick: true });
    const S2 = plan.scenarios.find(({ name }) => name === "S2");
    expect(S2?.nodes).toBe(50);
    expect(S2 && plan.patienceWith("serial", S2)).toBeGreaterThan(3);
  });

  it("is meant to fit into its time with one round", () => {
    const plan = planOf({ quick: true, rounds: 1 });
    const seconds = plan.scenarios.map(scenario => secondsOf(lapOf(plan, scenario)));
    expect(seconds.reduce((sum, one) => sum + one, 0)).toBeLessThan(plan.seconds);
  });
});

const SCENARIO: Scenario = {
  ...{ name: "any", title: "", nodes: 1, workloads: [] },
  ...{ deadlineSeconds: 1, judgedByBound: false },
};
const turn = (round: number, seconds: number): Turn => ({ contender: "changeover", round, seconds });

describe("time that is shared out", () => {
  const [early, late, again] = [turn(0, 20), turn(0, 30), turn(1, 20)];
  const lap: Lap = { scenario: SCENARIO, openSeconds: 10, turns: [early, late, again] };
  const open = (seconds: number) => openTimekeeper([lap], { from: 100, seconds });

  it("keeps what all others need in their first round", () => {
    const time = open(100);
    expect(time.allow(early, 100)).toBe(100 - 30 - 10);
    time.opened(lap);
    expect(time.allow(early, 105)).toBe(100 - 5 - 30);
    time.finished(early);
    expect(time.allow(late, 130)).toBe(70);
  });

  it("leaves nobody out of the first round, however late it is", () => {
    expect(open(30).allow(early, 125)).toBe(20);
  });

  it("leaves out a further round that does not fit", () => {
    const time = open(100);
    time.opened(lap);
    time.finished(early);
    time.finished(late);
    expect(time.allow(again, 181)).toBeUndefined();
    expect(time.allow(again, 180)).toBe(20);
  });

  it("tells of what is sure to come only", () => {
    expect(open(100).describe(100)).toBe("0 of 3 turns, about 60 s left");
  });

  it("tells how far it is, by the pace so far", () => {
    const time = open(Infinity);
    expect(time.describe(100)).toBe("0 of 3 turns, about 80 s left");
    time.opened(lap);
    time.finished(early);
    time.finished(late);
    // 60 s of work took 120 s: 20 s will take 40 s.
    expect(time.describe(220)).toBe("2 of 3 turns, about 40 s left");
    time.skip(lap);
    expect(time.describe(230)).toBe("3 of 3 turns, about 0 s left");
  });

  it.each([
    [89, "89 s"],
    [600, "10 min"],
    [9_000, "2.5 h"],
  ])("%d s are %s", (seconds, words) => {
    expect(inWords(seconds)).toBe(words);
  });
});

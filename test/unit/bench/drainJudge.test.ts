import { judge } from "../../../bench/drain/judge";
import type { Outcome } from "../../../bench/drain/outcome";
import { cutOff, outcome, result, SCENARIO } from "./drainOutcome";

const rowOf = (outcomes: readonly Outcome[], what: string) => judge(outcomes).find(row => row.what === what);
const valueOf = (outcomes: readonly Outcome[], what: string) => rowOf(outcomes, `S2: ${what}`)?.values;
const missing = (outcomes: readonly Outcome[], what: string) => rowOf(outcomes, what)?.missing;

const PARALLEL = "makespan ÷ kubectl, all nodes at once";
const SERIAL = "makespan ÷ kubectl, one after another";

describe("the targets", () => {
  it("come misses first, and last what was not measured", () => {
    const rows = judge([outcome([["changeover", [result({ makespan: 12, doubleMoves: 1 })]]])]);
    expect(rows.slice(0, 3).map(({ what }) => what)).toEqual([
      "S2: makespan ÷ T*",
      "S2: double moves",
      "S2: refused (429) per pod moved",
    ]);
    const firstMissing = rows.findIndex(row => row.missing !== undefined);
    expect(rows.slice(firstMissing).every(row => row.missing !== undefined && row.values.length === 0)).toBe(
      true,
    );
  });

  it("compare with rivals round by round", () => {
    const both = outcome([
      ["changeover", [result(), result({ makespan: 11 })]],
      ["parallel", [result({ makespan: 20 }), result({ makespan: 10 })]],
      ["serial", [result({ makespan: 100 })]],
    ]);
    expect(valueOf([both], PARALLEL)).toEqual([0.5, 1.1]);
    expect(valueOf([both], SERIAL)).toEqual([0.1]);
  });

  it("ask for the lead over serial only from fifty nodes on, and for T* only where budgets bind", () => {
    const small = outcome(
      [
        ["changeover", [result()]],
        ["serial", [result()]],
      ],
      { nodes: 49, judgedByBound: false },
    );
    const names = judge([small]).map(({ what }) => what);
    expect(names).not.toContain(`S2: ${SERIAL}`);
    expect(names).not.toContain("S2: makespan ÷ T*");
  });

  it("count a run of ours that was ended early as endless", () => {
    const ours = outcome([["changeover", [result(cutOff(60))]]]);
    expect(judge([ours])[0]).toMatchObject({ what: "S2: makespan ÷ T*", values: [Infinity] });
  });

  it("count a rival that was ended early with the time it had", () => {
    const theirs = outcome([
      ["changeover", [result()]],
      ["serial", [result(cutOff(40))]],
    ]);
    expect(valueOf([theirs], SERIAL)).toEqual([0.25]);
  });

  it("count what nobody named as a miss", () => {
    const blocked = outcome([["changeover", [result()]]], {
      workloads: SCENARIO.workloads.map(one => ({ ...one, blocked: true })),
    });
    expect(valueOf([blocked], "blockers named")).toEqual([Infinity]);
  });

  it("judge memory and processors where there are many pods", () => {
    const mass = outcome([["changeover", [result({ cpuSeconds: 15, peakMegabytes: 280 })]]], { name: "S7" });
    expect(rowOf([mass], "S7: peak memory")?.values).toEqual([280]);
    expect(rowOf([mass], "S7: processors used")?.values).toEqual([1.5]);
  });
});

describe("surge-first", () => {
  const run = result({ makespan: 7, unavailablePodSeconds: 0 });

  it("is judged by its own promises: never short of a pod, and sooner than T* without it", () => {
    const both = outcome(
      [
        ["changeover", [result()]],
        ["surgeFirst", [run]],
      ],
      { contenders: ["changeover", "surgeFirst"] },
    );
    expect(valueOf([both], "surge-first: unavailable pod-seconds")).toEqual([0]);
    expect(valueOf([both], "surge-first: makespan ÷ T* without surge")).toEqual([0.7]);
  });

  it("is not asked of a scenario that has no place for it", () => {
    const names = judge([outcome([["changeover", [result()]]])]).map(({ what }) => what);
    expect(names).not.toContain("S2: surge-first: unavailable pod-seconds");
  });
});

describe("what was not measured", () => {
  it("names who took no part", () => {
    const alone = outcome([["changeover", [result()]]]);
    expect(missing([alone], `S2: ${SERIAL}`)).toBe("kubectl drain, one node after another took no part");
  });

  it("says when nobody came to an end", () => {
    const nobody = outcome([
      ["changeover", [result(cutOff(60))]],
      ["parallel", [result(cutOff(60))]],
    ]);
    expect(missing([nobody], `S2: ${PARALLEL}`)).toBe("neither emptied the nodes");
  });

  it("says why a server cannot tell", () => {
    const restarted = outcome([["changeover", [result({ api: undefined })]]]);
    expect(missing([restarted], "S2: refused (429) per pod moved")).toContain("started anew");
  });

  it("names the scenarios that would have shown it", () => {
    expect(missing([outcome([["changeover", [result()]]])], "resumed after kill -9")).toBe(
      "only S8-kill can show it",
    );
  });
});

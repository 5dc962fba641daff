import { boundOf } from "../../../bench/drain/bound";
import { drawChart } from "../../../bench/drain/chart";
import { describeMatrix } from "../../../bench/drain/matrix";
import type { Outcome } from "../../../bench/drain/outcome";
import type { Result } from "../../../bench/drain/run";
import type { Scenario } from "../../../bench/drain/scenario";
import { judge } from "../../../bench/drain/targets";

const SCENARIO: Scenario = {
  name: "S2",
  title: "many <budgets>",
  nodes: 50,
  workloads: [
    {
      name: "api-0",
      kind: "Deployment",
      replicas: 5,
      pace: { startMs: 1_000, readyMs: 1_000, stopMs: 2_000 },
      budgets: [{ maxUnavailable: 1 }],
      cpuMillis: 50,
    },
  ],
  deadlineSeconds: 60,
  judgedByBound: true,
};

const result = (over: Partial<Result> = {}): Result => ({
  makespan: 10,
  whole: 12,
  unavailablePodSeconds: 8,
  violations: 0,
  doubleMoves: 0,
  moved: 5,
  left: 0,
  cpuSeconds: 1,
  peakMegabytes: 120,
  api: { evictions: 5, refused: 0, failed: 0, requests: 100, bytes: 2e6, p99Seconds: 0.05 },
  ...over,
});

/** T* is 10 s. */
const outcome = (
  results: readonly (readonly [name: "changeover" | "parallel" | "serial", runs: readonly Result[]])[],
  over: Partial<Scenario> = {},
): Outcome => {
  const scenario = { ...SCENARIO, ...over };
  return {
    scenario,
    bound: boundOf(scenario),
    baseline: { emptySeconds: 3, wholeSeconds: 4 },
    results: new Map(results),
  };
};

const NEVER = { makespan: undefined, left: 3 } as unknown as Partial<Result>;
const valueOf = (outcomes: readonly Outcome[], what: string) =>
  judge(outcomes).find(row => row.what === `S2: ${what}`)?.values;

describe("the targets", () => {
  it("come misses first", () => {
    const rows = judge([outcome([["changeover", [result({ makespan: 12, doubleMoves: 1 })]]])]);
    expect(rows.slice(0, 2).map(({ what }) => what)).toEqual(["S2: makespan ÷ T*", "S2: double moves"]);
    expect(rows[2]?.what).toBe("S2: refused (429) per pod moved");
  });

  it("compare with rivals round by round", () => {
    const both = outcome([
      ["changeover", [result(), result({ makespan: 11 })]],
      ["parallel", [result({ makespan: 20 }), result({ makespan: 10 })]],
      ["serial", [result({ makespan: 100 })]],
    ]);
    expect(valueOf([both], "makespan ÷ kubectl, all nodes at once")).toEqual([0.5, 1.1]);
    expect(valueOf([both], "makespan ÷ kubectl, one after another")).toEqual([0.1]);
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
    expect(names).not.toContain("S2: makespan ÷ kubectl, one after another");
    expect(names).not.toContain("S2: makespan ÷ T*");
  });

  it("count a run that did not end as endless: a miss of ours, nothing to lose to a rival's", () => {
    const ours = outcome([["changeover", [result(NEVER)]]]);
    expect(judge([ours])[0]).toMatchObject({ what: "S2: makespan ÷ T*", values: [Infinity] });
    const theirs = outcome([
      ["changeover", [result()]],
      ["parallel", [result(NEVER)]],
    ]);
    expect(valueOf([theirs], "makespan ÷ kubectl, all nodes at once")).toEqual([0]);
    const nobody = outcome([
      ["changeover", [result(NEVER)]],
      ["parallel", [result(NEVER)]],
    ]);
    expect(valueOf([nobody], "makespan ÷ kubectl, all nodes at once")).toBeUndefined();
  });

  it("count what nobody named as a miss", () => {
    const blocked = outcome([["changeover", [result()]]], {
      workloads: SCENARIO.workloads.map(one => ({ ...one, blocked: true })),
    });
    expect(valueOf([blocked], "blockers named")).toEqual([Infinity]);
  });
});

describe("the table of a scenario", () => {
  const text = describeMatrix(
    outcome([
      ["changeover", [result(), result({ makespan: 11 }), result({ makespan: 10.5 })]],
      ["serial", [result(NEVER)]],
    ]),
  );

  it("shows medians with ranges, and what never ended", () => {
    expect(text).toContain("| makespan, s");
    expect(text).toMatch(/makespan, s +\| 10\.5 \(10\.0–11\.0\) +\| never/);
    expect(text).toMatch(/makespan ÷ T\* +\| 1\.05 \(1\.00–1\.10\)/);
  });

  it("leaves out what was not measured", () => {
    expect(text).not.toContain("resumed after");
  });

  it("says when the platform is the limit", () => {
    expect(text).toContain("platform's own work is 0.20 T*");
    expect(text).not.toContain("are the limit here");
    const slow = { ...outcome([]), baseline: { emptySeconds: 11, wholeSeconds: 13 } };
    expect(describeMatrix(slow)).toContain("are the limit here");
  });
});

describe("the chart", () => {
  const picture = drawChart([
    outcome([
      ["changeover", [result(), result({ makespan: 20 })]],
      ["serial", [result(NEVER)]],
    ]),
  ]);

  it("draws a bar for the median, a line for the range, and T*", () => {
    // 400 px are the longest run, 20 s.
    expect(picture).toContain('width="300" height="16"');
    expect(picture).toContain('d="M450 42H650"');
    expect(picture).toContain("T* 10.0 s");
  });

  it("escapes words and draws nothing for who never ended", () => {
    expect(picture).toContain("S2: many &lt;budgets&gt;");
    expect(picture).not.toContain("one node after another");
  });
});

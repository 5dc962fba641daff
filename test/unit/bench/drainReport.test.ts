import { drawChart } from "../../../bench/drain/chart";
import { putResults } from "../../../bench/drain/markdown";
import { describeMatrix } from "../../../bench/drain/matrix";
import { describeData, describeReport, type Report } from "../../../bench/drain/report";
import { cutOff, outcome, result } from "./drainOutcome";

describe("the table of a scenario", () => {
  const text = describeMatrix(
    outcome([
      ["changeover", [result(), result({ makespan: 11 }), result({ makespan: 10.5 })]],
      ["serial", [result(cutOff(60))]],
    ]),
  );

  it("shows medians with ranges, and the least that a run would have taken that was ended early", () => {
    expect(text).toContain("| makespan, s");
    expect(text).toMatch(/makespan, s +\| 10\.5 \(10\.0–11\.0\) +\| > 60\.0/);
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
      ["parallel", [result(cutOff(12))]],
    ]),
  ]);

  it("draws a bar for the median, a line for the range, and T*", () => {
    // 380 px are the longest run, 20 s.
    expect(picture).toContain('width="285" height="16"');
    expect(picture).toContain('d="M440 42H630M440 38v8M630 38v8"');
    expect(picture).toContain("15.0 s (10.0–20.0)");
    expect(picture).toContain('d="M440 30V74"');
    expect(picture).toContain("T* 10.0 s");
  });

  it("draws one that was ended early as longer than it is", () => {
    expect(picture).toContain("&gt; 12.0 s<");
  });

  it("escapes words", () => {
    expect(picture).toContain("S2: many &lt;budgets&gt;");
  });
});

const REPORT: Report = {
  command: "npm run bench:drain -- --only S2",
  machine: { before: "2 cores, load 0.1", after: "2 cores, load 1.9" },
  measured: {
    outcomes: [outcome([["changeover", [result(cutOff(60))]]])],
    failures: { S6: "green was too small" },
    limits: ["kwok: 16 pods at once"],
  },
};

describe("the report", () => {
  it("says how it came about, and what failed", () => {
    const lines = describeReport(REPORT).split("\n");
    expect(lines[0]).toBe("`npm run bench:drain -- --only S2`");
    expect(lines).toEqual(
      expect.arrayContaining([
        "- before: 2 cores, load 0.1",
        "- kwok: 16 pods at once",
        "- S6 failed: green was too small",
        "### S2: many <budgets>",
      ]),
    );
  });

  it("says in its table what was not measured, and why", () => {
    expect(describeReport(REPORT)).toMatch(
      /\| resumed after kill -9 +\| not measured +\| +\| 0 +\| ≤ 5 s +\| only S8-kill can show it/,
    );
  });

  it("is data too, in which nothing is endless", () => {
    const data = JSON.parse(describeData(REPORT)) as {
      readonly targets: readonly { readonly what: string; readonly values: readonly unknown[] }[];
      readonly outcomes: readonly { readonly results: Readonly<Record<string, readonly object[]>> }[];
      readonly failures: object;
    };
    expect(data.targets[0]).toMatchObject({ what: "S2: makespan ÷ T*", values: ["never"] });
    expect(data.outcomes[0]?.results["changeover"]).toMatchObject([{ endedAfter: 60, left: 3 }]);
    expect(data.failures).toEqual({ S6: "green was too small" });
  });
});

describe("a page with results", () => {
  const page = "# Speed\n<!-- bench:drain -->\nold\n<!-- /bench:drain -->\nend\n";

  it("gets others between its markers, and again", () => {
    const written = "# Speed\n<!-- bench:drain -->\nnew\n<!-- /bench:drain -->\nend\n";
    expect(putResults(page, "new\n")).toBe(written);
    expect(putResults(putResults(page, "other"), "new")).toBe(written);
  });

  it.each(["# Speed\n", "<!-- /bench:drain -->\n<!-- bench:drain -->\n"])("needs its markers: %j", other => {
    expect(() => putResults(other, "new")).toThrow("there is no place for results");
  });
});

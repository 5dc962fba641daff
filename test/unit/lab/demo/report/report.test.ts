import { ticksOf } from "../../../../../lab/demo/report/axis";
import { element, escapeText } from "../../../../../lab/demo/report/markup";
import { describePage } from "../../../../../lab/demo/report/page";
import { describeReport, describeTable } from "../../../../../lab/demo/report/text";
import { readTimeline } from "../../../../../lab/demo/report/timeline";
import { judgeRun, subjectsOf } from "../../../../../lab/demo/report/verdict";
import { actOf, sampleRun, withAct } from "./sample";

describe("the verdict", () => {
  it("is good when the engine finished and the auditor found nothing", () => {
    const verdict = judgeRun(sampleRun());
    expect([verdict.good, verdict.headline]).toEqual([true, "upgraded 1.35.8 → 1.36.4 in 65.5 s"]);
    expect(verdict.checks.map(check => check.count)).toEqual([0, 0, 0, 0, 0]);
  });

  it("is bad when a floor was broken, and names who broke it", () => {
    const verdict = judgeRun(sampleRun(true));
    expect(verdict.good).toBe(false);
    expect(verdict.checks[0]?.findings).toEqual([
      "budget shop/checkout: 1 ready where 2 had to be, by shop/checkout-1 (evicted)",
    ]);
  });

  it("is bad when the engine failed, however clean the audit", () => {
    const verdict = judgeRun({ ...sampleRun(), finished: false });
    expect([verdict.good, verdict.headline]).toEqual([false, "the upgrade 1.35.8 → 1.36.4 did not finish"]);
  });

  it("says where it rests on little", () => {
    const run = sampleRun();
    const before = actOf(run).summary;
    const [subject, ...rest] = before.subjects;
    if (subject === undefined) throw new Error("the sample has no subjects");
    const summary = {
      ...before,
      subjects: [{ ...subject, wasMet: false }, ...rest],
      gaps: [{ kind: "blind" as const, resource: "pods", at: 0, tookMs: 1200, vanished: 2 }],
      stalledMs: 1500,
      requests: { ...before.requests, skipped: 3 },
    };
    expect(judgeRun(withAct(run, { summary })).doubts).toEqual([
      "Deployment cart was never at its floor, so nothing is proven about it",
      "the auditor was blind for up to 1.2 s (pods); 2 objects vanished meanwhile",
      "the auditor itself stood still for 1.5 s",
      "3 requests were not sent: too many were open",
    ]);
  });

  it("puts several parts together: each with its time, floors at their tightest, evictions added up", () => {
    const run = sampleRun();
    const act = actOf(run);
    const story = { ...run, acts: [act, { ...act, title: "and back", tookMs: 10_000 }] };
    const verdict = judgeRun(story);
    expect(verdict.good).toBe(true);
    expect(verdict.headline).toBe(
      "1.35.8 → 1.36.4: the upgrade in 65.5 s (30 pods); and back in 10.0 s (30 pods)",
    );
    expect(verdict.checks[1]?.outOf).toBe("60 pods moved");
    expect(subjectsOf(story).map(one => one.evicted)).toEqual(
      act.summary.subjects.map(one => 2 * one.evicted),
    );
  });

  it("is bad when one part of several is", () => {
    const story = { ...sampleRun(), acts: [actOf(sampleRun()), actOf(sampleRun(true))] };
    expect(judgeRun(story).good).toBe(false);
  });

  it("counts the nodes above a cap, by the auditor's own journal", () => {
    expect(judgeRun(withAct(sampleRun(), { mostNodes: 12 })).good).toBe(true);
    const capped = judgeRun(withAct(sampleRun(), { mostNodes: 10 }));
    expect([capped.good, capped.checks.at(-1)?.count, capped.checks.at(-1)?.outOf]).toEqual([
      false,
      2,
      "12 at most, 10 allowed",
    ]);
  });

  it("tells what config accepts with its time and does not hold it against the run, but nothing else", () => {
    const broken = sampleRun(true);
    expect(judgeRun(broken).checks[0]?.count).toBeGreaterThan(0);
    const accepted = judgeRun(withAct(broken, { acceptsOutage: true }));
    expect(accepted.checks[0]?.count).toBe(0);
    expect(accepted.doubts[0]).toMatch(/^accepted outage: .* ready where \d+ had to be, for \d+\.\d s$/);
    const others = accepted.checks.slice(1).reduce((sum, { count }) => sum + count, 0);
    expect(accepted.good).toBe(others === 0);
  });

  it("caps what it lists, and counts the rest", () => {
    const run = sampleRun();
    const failedRequests = Array.from({ length: 11 }, (_, at) => ({
      at,
      request: "GET /version",
      error: "reset",
      tookMs: 1,
    }));
    const findings = judgeRun(withAct(run, { summary: { ...actOf(run).summary, failedRequests } })).checks[2]
      ?.findings;
    expect(findings).toHaveLength(9);
    expect(findings?.at(-1)).toBe("and 3 more");
  });
});

describe("the timeline", () => {
  const act = actOf(sampleRun());
  const timeline = readTimeline(act, act);
  const laneOf = (title: string) => timeline.workloads.find(lane => lane.title === title);

  it("begins with every pod on old nodes and ends with every pod on new ones", () => {
    for (const lane of timeline.workloads) {
      expect([lane.title, lane.moments[0]?.blue, lane.moments[0]?.green]).toEqual([lane.title, lane.most, 0]);
      expect([lane.title, lane.moments.at(-1)?.blue, lane.moments.at(-1)?.green]).toEqual([
        lane.title,
        0,
        lane.most,
      ]);
    }
  });

  it("keeps what was old at the story's beginning old in each part", () => {
    const later = { ...act, audit: act.audit.map(line => ({ ...line, at: line.at + 100_000 })) };
    const lanes = readTimeline({ ...later, startedAt: act.startedAt + 100_000 }, act).nodes.moments;
    expect(lanes.at(-1)).toMatchObject({ blue: 0, green: 6 });
  });

  it("never shows more ready pods than replicas, and carries the floor", () => {
    const lane = laneOf("Deployment cart");
    expect(Math.max(...(lane?.moments ?? []).map(moment => moment.blue + moment.green))).toBe(6);
    expect(lane?.moments.at(-1)?.floor).toBe(5);
  });

  it("marks in its lane when a floor was broken", () => {
    const found = actOf(sampleRun(true));
    const broken = readTimeline(found, found).workloads.filter(lane => lane.broken.length > 0);
    expect(broken.map(lane => lane.title)).toEqual(["Deployment checkout"]);
  });

  it("shows between which moments both kinds of API server answered", () => {
    expect(timeline.swap).toMatchObject({ label: "v1.35.8 → v1.36.4" });
    expect((timeline.swap?.to ?? 0) - (timeline.swap?.from ?? 0)).toBe(4500);
  });

  it("follows nodes as they come and go", () => {
    expect(timeline.nodes.moments.map(moment => [moment.blue, moment.green])).toEqual([
      [6, 0],
      [6, 6],
      [0, 6],
    ]);
  });
});

describe("the page", () => {
  const page = describePage(sampleRun());

  it("loads nothing from anywhere", () => {
    expect(page).not.toMatch(/https?:|<script|<link|url\(/);
  });

  it("says on page and in text what stands in for what", () => {
    expect(describePage(sampleRun())).toContain('<p class="soft">nodes are simulated</p>');
    expect(describeReport(sampleRun())).toContain("\nnodes are simulated\n");
  });

  it("escapes what came from outside", () => {
    expect(page).toContain("+ &lt;one&gt; &amp; &#39;two&#39;");
    expect(page).not.toContain("<one>");
  });

  it("holds one lane a workload and one row a span", () => {
    expect(page.match(/class="floor"/g)).toHaveLength(4);
    expect(page.match(/class="span /g)).toHaveLength(8);
  });

  it("shows T*, what binds it, the makespan, and how they compare", () => {
    const cells = ["workers-1-35-19a4bb", "PDB shop/cart", "30", "36.2 s", "38.4 s", "1.06"];
    const row = cells.map(text => `<td( class="number")?>${text.replaceAll(".", "\\.")}</td>`).join("");
    expect(page).toMatch(new RegExp(`<tr>${row}</tr>`));
  });

  it("says nothing of T* where no migration came to its end", () => {
    expect(describePage(withAct(sampleRun(), { drains: [] }))).not.toContain("T*");
  });

  it("is the same for the same facts", () => {
    expect(describePage(sampleRun())).toBe(page);
  });
});

describe("the text", () => {
  it("tells the verdict first, then each check, then the lowest counts", () => {
    const lines = describeReport(sampleRun()).split("\n");
    expect(lines[0]).toBe("upgraded 1.35.8 → 1.36.4 in 65.5 s");
    expect(lines).toContain("  ok   0 budget violations (5 floors)");
    expect(lines).toContain("  Deployment checkout  budget         2             2        3");
  });

  it("compares the makespan with T*", () => {
    expect(describeReport(sampleRun())).toMatch(
      /workers-1-35-19a4bb +PDB shop\/cart +30 +36\.2 s +38\.4 s +1\.06\n/,
    );
  });

  it("names no ratio to a T* of nothing", () => {
    const run = sampleRun();
    const drains = actOf(run).drains.map(drain => ({ ...drain, lowerBoundSeconds: 0 }));
    expect(describeReport(withAct(run, { drains }))).toMatch(/38\.4 s +none\n/);
  });

  it("has no line that ends in a blank", () => {
    expect(describeReport(sampleRun(true))).not.toMatch(/ \n/);
  });
});

describe("small parts", () => {
  it("marks time in whole familiar steps, never more than thirteen", () => {
    expect(ticksOf(65)).toEqual([0, 10, 20, 30, 40, 50, 60]);
    for (const length of [0.5, 3, 59, 61, 119, 400, 5000])
      expect(ticksOf(length).length).toBeLessThanOrEqual(13);
  });

  it("leaves out attributes that are not there", () => {
    expect(element("a", { href: undefined, id: "x&y" }, "text")).toBe('<a id="x&amp;y">text</a>');
    expect(escapeText(`<"'>`)).toBe("&lt;&quot;&#39;&gt;");
  });

  it("makes columns as wide as they need, numbers to the right", () => {
    expect(
      describeTable([
        ["name", "n"],
        ["a", "10"],
        ["longer", "7"],
      ]),
    ).toEqual(["name    n ", "a       10", "longer   7"].map(line => line.trimEnd()));
  });
});

import { classifyFailure } from "../../../../core/drain/answers";
import { limitOf } from "../../../../core/drain/budgets";
import { matchesLabels } from "../../../../core/drain/labels";
import { lowerBound } from "../../../../core/drain/lowerBound";
import { chooseNodes } from "../../../../core/drain/scope";
import { describeStandstill, standstillOf } from "../../../../core/drain/standstill";
import type { BudgetFact } from "../../../../core/drain/facts";
import type { Budget } from "../../../../core/drain/surveyed";
import { budget, evictions, pod, set, node, talk, workload } from "../../../support/drainSimulator/builders";

const pdbBudget = (fact: BudgetFact): Budget => ({
  kind: "pdb",
  key: "pdb:shop/web",
  name: "PDB shop/web",
  fact,
});

/** Values at the edge, where one more or one less decides. Found missing by mutation testing. */

describe("a budget without a slot", () => {
  const full = { allowed: 0, expected: 3, healthy: 3, needed: 3 };

  it.each([
    ["all healthy and none allowed", {}, "BLOCKED_BY_SPEC"],
    ["one short", { healthy: 2 }, "BUSY"],
    ["more healthy than expected", { healthy: 4 }, "BLOCKED_BY_SPEC"],
    ["an eviction not counted yet", { disruptedPods: ["web-1"] }, "BUSY"],
    ["no pods expected", { expected: 0, healthy: 0, needed: 0 }, "BUSY"],
    ["one pod expected", { expected: 1, healthy: 1, needed: 1 }, "BLOCKED_BY_SPEC"],
    ["a spec that nobody looked at", { observed: false }, "UNOBSERVED"],
    ["no count at all", { syncFailed: "no scale" }, "SYNC_FAILED"],
  ] as const)("that has %s stands still so", (_title, more, code) => {
    expect(standstillOf(pdbBudget(budget({ ...full, ...more })), false)).toBe(code);
  });

  it("says in words what it needs and has", () => {
    const short = pdbBudget(budget({ ...full, healthy: 2 }));
    expect(describeStandstill(short, "BUSY")).toBe("too few of its pods are Ready (needs 3 has 2)");
    expect(describeStandstill(short, "UNHEALTHY_DEADLOCK")).toBe(
      "the pods that wait are themselves not Ready (needs 3 has 2)",
    );
    const noted = pdbBudget(budget({ ...full, healthy: 2, disruptedPods: ["web-1", "web-0"] }));
    expect(describeStandstill(noted, "BUSY")).toBe(
      "too few of its pods are Ready, and web-0, web-1 counted as evicted (needs 3 has 2)",
    );
    const blind = pdbBudget(budget({ syncFailed: "no scale" }));
    expect(describeStandstill(blind, "SYNC_FAILED")).toBe("the controller cannot count its pods: no scale");
  });
});

it.each([
  ["Gt", "1", true],
  ["Gt", "2", false],
  ["Lt", "3", true],
  ["Lt", "2", false],
])("a label of 2 is %s %s: %s", (operator, value, expected) => {
  const selector = { matchExpressions: [{ key: "cores", operator, values: [value, "9"] }] };
  expect(matchesLabels(selector, { cores: "2" })).toBe(expected);
});

it("a budget lets as many go as it expects more than it needs, and never none when all is well", () => {
  expect(limitOf(pdbBudget(budget({ expected: 5, needed: 2 })))).toBe(3);
  expect(limitOf(pdbBudget(budget({ expected: 2, needed: 2 })))).toBe(1);
  expect(limitOf(pdbBudget(budget({ expected: 0, needed: 2 })))).toBe(1);
});

it("a budget that is still being processed is waited for ten seconds when the server names no time, and never longer", () => {
  const causes = [{ reason: "DisruptionBudget", message: "is still being processed by the server" }];
  const call = { status: 429, message: "no", causes, mayHaveApplied: false };
  expect(classifyFailure(call)).toEqual({ kind: "budgetBehind", afterMs: 10_000 });
  expect(classifyFailure({ ...call, retryAfterSeconds: 3 })).toEqual({
    kind: "budgetBehind",
    afterMs: 3_000,
  });
  expect(classifyFailure({ ...call, retryAfterSeconds: 60 })).toEqual({
    kind: "budgetBehind",
    afterMs: 10_000,
  });
});

it("an emptied node that is open comes before a full one that is cordoned", () => {
  const nodes = [
    { name: "full-cordoned", cordoned: true, movable: 1 },
    { name: "empty-open", cordoned: false, movable: 0 },
    { name: "empty-cordoned", cordoned: true, movable: 0 },
  ];
  expect(chooseNodes(nodes, 100)).toEqual(["empty-cordoned", "empty-open", "full-cordoned"]);
});

it("a chain without pods binds nothing beside another", () => {
  const term = { limit: 1, graceMs: 1_000, startMs: 2_000, serial: false };
  expect(
    lowerBound([
      { ...term, name: "none", pods: 0 },
      { ...term, name: "one", pods: 1 },
    ]),
  ).toEqual({ ms: 1_000, binding: "one" });
});

it("a refused budget is asked again at the very moment its waiting time is over, not before", () => {
  const engine = talk([
    set.node(node("blue-0")),
    set.workload(workload(3)),
    set.budget(budget()),
    ...[1, 2, 3].map(index => set.pod(pod(`web-${index}`))),
  ]);
  engine.send(now => ({
    kind: "answered",
    now,
    uid: "uid-web-1",
    answer: { kind: "budgetFull", message: "" },
  }));
  expect(evictions(engine.after(4.999))).toEqual([]);
  expect(evictions(engine.after(0.001))).toEqual(["web-1"]);
});

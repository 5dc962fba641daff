import { describeOutcome, describeProgress, type DrainProgress } from "../../../../core/drain/describe";
import { closedGuards } from "../../../../core/drain/guards";
import { describeNames } from "../../../../core/drain/names";
import { type LabelSelector, matchesLabels } from "../../../../core/drain/labels";
import { chooseNodes, isSelected } from "../../../../core/drain/scope";
import { repellingTaints } from "../../../../core/drain/tolerations";

const labels = { app: "web", tier: "front" };
const expression = (operator: string, values?: readonly string[]): LabelSelector => ({
  matchExpressions: [{ key: "tier", operator, ...(values === undefined ? {} : { values }) }],
});

it.each([
  ["nothing when absent", undefined, false],
  ["everything when empty", {}, true],
  ["equal labels", { matchLabels: { app: "web" } }, true],
  ["no other value", { matchLabels: { app: "db" } }, false],
  ["In", expression("In", ["front"]), true],
  ["NotIn", expression("NotIn", ["front"]), false],
  ["Exists", expression("Exists"), true],
  ["DoesNotExist", expression("DoesNotExist"), false],
  ["nothing when an operator is unknown", expression("Near"), false],
] as const)("a selector matches %s", (_title, selector, expected) => {
  expect(matchesLabels(selector, labels)).toBe(expected);
});

it("a pod without labels is matched by an empty selector, as the API server does", () => {
  expect(matchesLabels({}, {})).toBe(true);
});

it("blue is a list of names, or whatever bears the labels", () => {
  const node = { name: "n1", labels };
  expect(isSelected(node, { names: ["n1"] })).toBe(true);
  expect(isSelected(node, { names: ["n2"] })).toBe(false);
  expect(isSelected(node, { labels: expression("Exists") })).toBe(true);
});

it("a share takes emptied nodes first, then cordoned ones, then by name, rounded up", () => {
  const nodes = [
    { name: "d", cordoned: false, movable: 3 },
    { name: "b", cordoned: false, movable: 3 },
    { name: "c", cordoned: true, movable: 3 },
    { name: "a", cordoned: true, movable: 0 },
  ];
  expect(chooseNodes(nodes, 1)).toEqual(["a"]);
  expect(chooseNodes(nodes, 51)).toEqual(["a", "c", "b"]);
  expect(chooseNodes(nodes, 0)).toEqual([]);
  expect(chooseNodes(nodes, 100)).toHaveLength(4);
});

it("taints repel unless tolerated by key, value and effect; a preference never does", () => {
  const taint = { key: "gpu", value: "a", effect: "NoSchedule" };
  expect(repellingTaints([], [taint, { key: "x", effect: "PreferNoSchedule" }])).toEqual([taint]);
  expect(repellingTaints([{ key: "gpu", operator: "Equal", value: "b" }], [taint])).toEqual([taint]);
  expect(repellingTaints([{ key: "gpu", value: "a", effect: "NoExecute" }], [taint])).toEqual([taint]);
  expect(repellingTaints([{ key: "gpu", value: "a", effect: "NoSchedule" }], [taint])).toEqual([]);
  expect(repellingTaints([{ operator: "Exists" }], [taint])).toEqual([]);
});

it("guards that are not open count, the gravest first", () => {
  const guard = (
    name: string,
    then: "hold" | "stop" | "lostLease",
    state: "open" | "closed" | "unknown",
  ) => ({ name, then, state });
  const guards = [
    guard("b", "hold", "unknown"),
    guard("a", "hold", "closed"),
    guard("ok", "stop", "open"),
    guard("lease", "lostLease", "closed"),
  ];
  expect(closedGuards(guards).map(({ name }) => name)).toEqual(["lease", "a", "b"]);
});

it("lists are sorted, capped and counted", () => {
  expect(describeNames(["web-2", "web-1"])).toBe("web-1, web-2");
  expect(describeNames(["f", "e", "d", "c", "b", "a"])).toBe("a, b, c and 3 more");
});

const progress: DrainProgress = {
  moved: 12,
  remaining: 28,
  nodes: { empty: 1, total: 4 },
  seconds: 9,
  terminating: 3,
  queued: 25,
  blocked: 0,
  awaited: 0,
  waiting: [{ budget: "PDB shop/web", allowed: 0, needs: 3, has: 3, seconds: 4, pods: 5 }],
  notAvailable: [],
  held: [],
  etaSeconds: 20,
};

it("progress is one line that says what it waits for", () => {
  expect(describeProgress(progress)).toBe(
    "moved 12/40, 3 terminating, waiting on PDB shop/web (0 allowed, needs 3 has 3) 4 s, ETA 20 s",
  );
});

it("an outcome names each reason on its own line", () => {
  const figures = { moved: 1, remaining: 5, seconds: 8, nodes: { empty: 0, total: 2 } };
  const reasons = [
    {
      code: "BLOCKED_BY_SPEC",
      message: "all its pods are healthy and it still allows no disruption (needs 2 has 2)",
      pods: ["shop/web-1", "shop/web-2"],
      budget: "PDB shop/web",
      needs: 2,
      has: 2,
      seconds: 6,
    },
  ];
  expect(describeOutcome({ kind: "blocked", ...figures, reasons })).toBe(
    [
      "blocked: moved 1, 5 left, 0 of 2 nodes empty, 8 s",
      "  - BLOCKED_BY_SPEC shop/web-1, shop/web-2: PDB shop/web: all its pods are healthy and it still allows no disruption (needs 2 has 2), for 6 s",
    ].join("\n"),
  );
  expect(describeOutcome({ kind: "paused", ...figures, reason: "window closes" })).toBe(
    "paused: window closes; moved 1, 5 left, 0 of 2 nodes empty, 8 s",
  );
});

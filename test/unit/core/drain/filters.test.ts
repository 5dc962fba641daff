import type { PodFact } from "../../../../core/drain/facts";
import { FILTERS, judgePod } from "../../../../core/drain/filters";
import { pod } from "../../../support/drainSimulator/builders";

const context = { now: 1_000_000, cordon: true, rules: { force: false, deleteEmptyDirData: false } };
const owner = { apiVersion: "apps/v1", kind: "DaemonSet", name: "agent", uid: "ds" };
const { owner: _owner, ...orphan } = pod("orphan");
const anyNode = [{ operator: "Exists" }];

const cases: readonly (readonly [string, PodFact, string])[] = [
  ["a plain pod moves", pod("web"), "move"],
  ["a static pod is ignored", pod("static", { mirror: true }), "MIRROR"],
  [
    "a DaemonSet's pod is ignored, whatever it tolerates",
    pod("agent", { owner, tolerations: anyNode }),
    "DAEMON_SET",
  ],
  [
    "a DaemonSet of somebody else's API is none",
    pod("fake", { owner: { ...owner, apiVersion: "example.org/v1" } }),
    "move",
  ],
  ["a finished pod is ignored", pod("done", { phase: "Succeeded" }), "FINISHED"],
  ["a failed pod without an owner is ignored", { ...orphan, phase: "Failed" }, "FINISHED"],
  ["a terminating pod is waited for", pod("going", { deletingSince: 990_000 }), "TERMINATING"],
  ["one far beyond its grace is reported", pod("stuck", { deletingSince: 900_000 }), "STUCK_TERMINATING"],
  [
    "a pod that tolerates the cordon would come back",
    pod("back", { tolerations: anyNode }),
    "RETURNS_TO_BLUE",
  ],
  ["a pod without an owner would be lost", orphan, "NOT_REPLICATED"],
  ["a pod with local data would lose it", pod("cache", { localStorage: true }), "LOCAL_STORAGE"],
];

it.each(cases)("%s", (_title, given, expected) => {
  const verdict = judgePod(given, context);
  expect("code" in verdict ? verdict.code : verdict.kind).toBe(expected);
});

it("moves what kubectl asks about when the rules say so", () => {
  const rules = { force: true, deleteEmptyDirData: true };
  expect(judgePod({ ...orphan, localStorage: true }, { ...context, rules })).toEqual({ kind: "move" });
});

it("lets a pod that tolerates the cordon go where nothing is cordoned", () => {
  expect(judgePod(pod("back", { tolerations: anyNode }), { ...context, cordon: false })).toEqual({
    kind: "move",
  });
});

it("asks in an order that can be read aloud", () => {
  expect(FILTERS.map(filter => filter.name)).toEqual([
    "mirror",
    "daemonSet",
    "finished",
    "terminating",
    "returnsToBlue",
    "unmanaged",
    "localStorage",
  ]);
});

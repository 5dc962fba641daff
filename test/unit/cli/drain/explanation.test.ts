import { describeExplanation } from "../../../../cli/commands/drain/describeExplanation";
import type { BudgetVerdict } from "../../../../core/drain/plan/plan";
import type { PodExplanation } from "../../../../operations/drain/plan";

const BUDGET: BudgetVerdict = {
  code: "BLOCKED_BY_SPEC",
  budget: "PDB shop/web",
  pods: 1,
  allowed: 0,
  needs: 3,
  has: 3,
  expected: 3,
  workloads: ["Deployment shop/web"],
  message: "it never allows a disruption",
  fix: "raise maxUnavailable",
};

const moving: PodExplanation = {
  pod: "shop/web-1",
  node: "blue-1",
  verdict: { kind: "move" },
  opinions: [
    { filter: "mirror", disregarded: false, decides: false },
    {
      filter: "doNotDisrupt",
      verdict: { kind: "block", code: "DO_NOT_DISRUPT", message: "it asks to be left alone", fix: "" },
      disregarded: true,
      decides: false,
    },
  ],
  warnings: [{ code: "TMPFS", message: "its memory is lost", fix: "save it" }],
  budget: BUDGET,
};

const blocked: PodExplanation = {
  pod: "shop/solo",
  node: "blue-1",
  verdict: { kind: "block", code: "NOT_REPLICATED", message: "no controller makes it again", fix: "--force" },
  opinions: [
    {
      filter: "unmanaged",
      verdict: {
        kind: "block",
        code: "NOT_REPLICATED",
        message: "no controller makes it again",
        fix: "--force",
      },
      disregarded: false,
      decides: true,
    },
  ],
  warnings: [],
};

it("lists every filter's opinion of one pod, what is lost, its budget, and the room", () => {
  const lines = describeExplanation({
    subject: "shop/web-1",
    pods: [moving],
    capacity: { verdict: "UNPROVEN", reasons: ["shop/web-1: affinity is not part of the proof"] },
  });
  expect(lines).toEqual([
    "shop/web-1 on blue-1 would be moved",
    "  filters, in the order in which they are asked:",
    "    mirror: nothing against it",
    "    doNotDisrupt: DO_NOT_DISRUPT (disregarded): it asks to be left alone",
    "  warning TMPFS: its memory is lost",
    "      fix: save it",
    "  budget PDB shop/web: BLOCKED_BY_SPEC, 0 may go now (needs 3 has 3)",
    "    it never allows a disruption",
    "      fix: raise maxUnavailable",
    "room elsewhere for all that would move with it: UNPROVEN",
    "  shop/web-1: affinity is not part of the proof",
  ]);
});

it("says which filter decides, and what to do", () => {
  const { node: _, ...pending } = blocked;
  expect(describeExplanation({ subject: "shop/solo", pods: [pending] })).toEqual([
    "shop/solo would NOT be moved",
    "  filters, in the order in which they are asked:",
    "    unmanaged: NOT_REPLICATED (decides): no controller makes it again",
    "      fix: --force",
  ]);
});

it("gives each of a node's pods one line", () => {
  expect(
    describeExplanation({
      subject: "blue-1",
      pods: [blocked, moving],
      capacity: { verdict: "FITS", reasons: [] },
    }),
  ).toEqual([
    "2 pods on blue-1:",
    "  shop/solo would NOT be moved: NOT_REPLICATED, no controller makes it again",
    "  shop/web-1 would be moved; PDB shop/web BLOCKED_BY_SPEC",
    "room elsewhere for all that would move with it: FITS",
  ]);
});

it("says so when nothing runs there", () => {
  expect(describeExplanation({ subject: "blue-1", pods: [] })).toEqual(["nothing runs on blue-1"]);
});

import {
  judgeKarpenter,
  type NodeClass,
  type NodePool,
} from "../../../../../../components/clouds/eks/live/readiness/judgeKarpenter";
import { readKarpenter } from "../../../../../../components/clouds/eks/live/readiness/karpenter";
import { scriptApi } from "../../../../../support/scriptedApi";

const NOW = Date.parse("2026-11-22T00:00:00Z");
const at = { to: "1.36", now: NOW };

type Budgets = NonNullable<NonNullable<NonNullable<NodePool["spec"]>["disruption"]>["budgets"]>;

const pool = (budgets?: Budgets): NodePool => ({
  metadata: { name: "default" },
  spec: {
    template: { spec: { nodeClassRef: { name: "al" } } },
    ...(budgets === undefined ? {} : { disruption: { budgets } }),
  },
});

const selects = (...amiSelectorTerms: NonNullable<NodeClass["spec"]>["amiSelectorTerms"] & object) => ({
  ...{ metadata: { name: "al" }, spec: { amiSelectorTerms } },
});

const claim = (name: string, expireAfter: string, creationTimestamp = "2026-11-20T00:00:00Z") => ({
  metadata: { name, creationTimestamp, labels: { "karpenter.sh/nodepool": "default" } },
  spec: { expireAfter },
});

const judge = (one: NodePool, ami: NodeClass, claims = [claim("n1", "720h")]) =>
  judgeKarpenter({ pools: [one], classes: [ami], claims }, at).warnings;

describe("what Karpenter will do when the control plane moves", () => {
  it.each([
    ["latest", selects({ alias: "al2023@latest" }), "alias al2023@latest"],
    [
      "a dated alias, which names an image of each minor",
      selects({ alias: "al2023@v20261101" }),
      "v20261101",
    ],
    ["tags", selects({ tags: { team: "x" } }), "tags team"],
    ["one of several", selects({ id: "ami-1" }, { name: "own-*" }), "name own-*"],
  ])("nodes drift where the AMI follows: %s", (_what, ami, text) => {
    const [problem] = judge(pool(), ami);
    expect(problem).toMatchObject({ code: "Eks.KarpenterMoves", path: "nodepools.karpenter.sh/default" });
    expect(problem?.message).toContain(text);
    expect(problem?.message).toContain("by its budgets (10%)");
  });

  it("nodes drift where nobody knows the AMI", () => {
    expect(judge(pool(), { metadata: { name: "other" } })).toMatchObject([{ code: "Eks.KarpenterMoves" }]);
  });

  it.each<readonly [string, Budgets, string]>([
    ["a budget of 0 for drift", [{ nodes: "0", reasons: ["Drifted"] }], "Eks.KarpenterStays"],
    ["a budget of 0 for everything", [{ nodes: "10%" }, { nodes: "0%" }], "Eks.KarpenterStays"],
    ["one that holds at night only", [{ nodes: "0", schedule: "0 0 * * *" }], "Eks.KarpenterMoves"],
    ["one for other reasons", [{ nodes: "0", reasons: ["Empty"] }], "Eks.KarpenterMoves"],
  ])("%s", (_what, budgets, code) => {
    expect(judge(pool(budgets), selects({ alias: "al2023@latest" }))).toMatchObject([{ code }]);
  });

  it("a pinned AMI stays, and its nodes are named as not managed", () => {
    expect(judge(pool(), selects({ id: "ami-1" }))).toMatchObject([
      { code: "Eks.KarpenterStays", message: expect.stringContaining("found 1 nodes") as string },
    ]);
    expect(judge(pool(), selects({ id: "ami-1" }), [])).toEqual([]);
  });

  it.each([
    ["72h", true],
    ["73h", false],
    ["71h59m59s", true],
    ["Never", false],
  ])("nodes with expireAfter %s that are two days old expire within the day: %s", (life, ends) => {
    const [problem] = judge(pool(), selects({ id: "ami-1" }), [claim("n1", life)]);
    expect(problem?.code).toBe(ends ? "Eks.KarpenterMoves" : "Eks.KarpenterStays");
    expect(problem?.message.includes("n1 expire within a day")).toBe(ends);
  });
});

describe("Karpenter's API", () => {
  const signal = AbortSignal.timeout(10_000);

  it("is absent only where the server says so", async () => {
    expect(await readKarpenter(scriptApi(() => undefined).kube, signal)).toBeUndefined();
  });

  it("is read in the version that the server prefers", async () => {
    const { kube, calls } = scriptApi(({ path }) => {
      if (path === "/apis/karpenter.sh") return { preferredVersion: { groupVersion: "karpenter.sh/v1" } };
      if (path === "/apis/karpenter.sh/v1/nodepools") return { items: [pool()] };
      return path === "/apis/karpenter.sh/v1/nodeclaims" ? { items: [] } : undefined;
    });
    expect(await readKarpenter(kube, signal)).toEqual({ pools: [pool()], claims: [], classes: [] });
    expect(calls.map(({ path }) => path)).toContain("/apis/karpenter.k8s.aws");
  });
});

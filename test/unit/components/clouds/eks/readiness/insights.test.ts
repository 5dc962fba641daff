import type { Insight } from "@aws-sdk/client-eks";
import { judgeInsights } from "../../../../../../components/clouds/eks/live/readiness/judgeInsights";

const NOW = Date.parse("2026-11-22T00:00:00Z");
const up = { from: "1.35", to: "1.36", back: false };
const judge = (insights: readonly Insight[], accepted: readonly string[] = []) =>
  judgeInsights(insights, { step: up, now: NOW, accepted });

const fresh = { lastRefreshTime: new Date(NOW - 3_600_000) };
const passing: Insight = { ...fresh, name: "Cluster health", insightStatus: { status: "PASSING" } };
const removed: Insight = {
  ...fresh,
  name: "Deprecated APIs removed in Kubernetes v1.36",
  insightStatus: { status: "ERROR", reason: "Deprecated API usage detected." },
  recommendation: "Update manifests and clients",
  categorySpecificSummary: {
    deprecationDetails: [
      {
        usage: "/apis/flowcontrol.apiserver.k8s.io/v1beta3/flowschemas",
        replacedWith: "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas",
        stopServingVersion: "1.36",
        clientStats: [
          { userAgent: "old", numberOfRequestsLast30Days: 1, lastRequestTime: new Date("2026-11-01") },
          { userAgent: "argocd/v2", numberOfRequestsLast30Days: 7, lastRequestTime: new Date("2026-11-20") },
        ],
      },
    ],
  },
};

describe("EKS's insights", () => {
  it("say nothing where they pass", () => {
    expect(judge([passing])).toEqual({ blockers: [], warnings: [] });
  });

  it("refuse in ERROR, with the API, what replaces it and who asked for it last", () => {
    const { blockers, warnings } = judge([passing, removed]);
    expect(warnings).toEqual([]);
    expect(blockers).toHaveLength(1);
    expect(blockers[0]).toMatchObject({ code: "Eks.InsightError", path: "cluster.version" });
    expect(blockers[0]?.message).toBe(
      'EKS advises against going to 1.36. "Deprecated APIs removed in Kubernetes v1.36": Deprecated API usage detected' +
        ". /apis/flowcontrol.apiserver.k8s.io/v1beta3/flowschemas (gone in 1.36)" +
        ", replaced by /apis/flowcontrol.apiserver.k8s.io/v1/flowschemas, asked for by argocd/v2 (7 requests in 30 days, last 2026-11-20T00:00:00.000Z)" +
        ", old (1 requests in 30 days, last 2026-11-01T00:00:00.000Z)",
    );
    expect(blockers[0]?.fix).toMatch(/^Update manifests and clients; .*cluster\.eks\.acceptedInsights/);
  });

  it("warn of an error that config accepts by its name, and only of that", () => {
    const other: Insight = { ...removed, name: "Kubelet version skew" };
    const { blockers, warnings } = judge([removed, other], [removed.name ?? ""]);
    expect(blockers.map(({ message }) => message)).toEqual([expect.stringContaining("Kubelet version skew")]);
    expect(warnings).toMatchObject([{ code: "Eks.InsightAccepted" }]);
  });

  it.each(["WARNING", "UNKNOWN"] as const)("warn of %s", status => {
    const { blockers, warnings } = judge([{ ...passing, insightStatus: { status } }]);
    expect(blockers).toEqual([]);
    expect(warnings).toMatchObject([{ code: "Eks.InsightUnsure" }]);
  });

  it("warn where EKS has none, or looked more than a day ago", () => {
    expect(judge([]).warnings).toMatchObject([{ code: "Eks.NoInsights" }]);
    const old: Insight = { ...passing, lastRefreshTime: new Date("2026-11-20") };
    expect(judge([passing, old]).warnings).toMatchObject([
      { code: "Eks.InsightsStale", message: expect.stringContaining("2026-11-20T00:00:00.000Z") as string },
    ]);
  });

  it("take one without a status for unknown", () => {
    expect(judge([{ ...fresh, name: "x" }]).warnings).toMatchObject([{ code: "Eks.InsightUnsure" }]);
  });
});

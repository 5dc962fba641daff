import type { Gap } from "../../../../lab/auditor/format";
import { CANNOT_SEE, summarise } from "../../../../lab/auditor/summary";
import type { Evidence } from "../../../../lab/auditor/summary";
import { node, webOf } from "./cluster";

const nothing: Evidence = {
  startedAt: 0,
  endedAt: 1000,
  gaps: [],
  requests: { sent: 10, failed: 0, skipped: 0, p50Ms: 1, p99Ms: 1, slowestMs: 1 },
  failedRequests: [],
  stalledMs: 0,
};
const gap = (extra: Partial<Gap>): Evidence => ({
  ...nothing,
  gaps: [{ kind: "blind", resource: "pods", at: 0, tookMs: 500, vanished: 0, ...extra }],
});
const isClean = (evidence: Evidence, cluster = webOf(3)) => summarise(cluster.open, evidence).clean;

describe("a clean audit", () => {
  it("is one that found nothing and says what it could not have seen", () => {
    const summary = summarise(webOf(3).open, nothing);
    expect(summary.clean).toBe(true);
    expect(summary.cannotSee).toBe(CANNOT_SEE);
  });

  it.each<[string, Partial<Gap>, boolean]>([
    ["late for long", { kind: "late", tookMs: 60_000 }, true],
    ["blind for a moment", {}, true],
    ["blind for long", { tookMs: 2001 }, false],
    ["blind while a pod vanished", { vanished: 1 }, false],
    ["blind while a ReplicaSet vanished", { vanished: 1, resource: "replicasets" }, true],
  ])("%s: %j", (_title, extra, clean) => {
    expect(isClean(gap(extra))).toBe(clean);
  });

  it("is not one with a failed request", () => {
    const failedRequests = [{ at: 0, request: "GET /version", error: "ECONNRESET", tookMs: 1 }];
    expect(isClean({ ...nothing, failedRequests })).toBe(false);
  });

  it("is not one with a broken floor, a double move, a wrong eviction or a node lost with its pods", () => {
    const broken = webOf(2);
    ["web-1", "web-2"].forEach(name => broken.evict(name));
    const twice = webOf(2);
    twice.evict("web-1", { labels: {} });
    twice.open.moves.found.push({ workload: "shop/Deployment/web", at: 0, pods: [], causes: [] });
    const wrong = webOf(2);
    wrong.say("nodes", node("blue-1"));
    wrong.evict("web-1");
    const lost = webOf(2);
    lost.say("nodes", node("blue-1"), "gone");
    expect([broken, twice, wrong, lost].map(cluster => isClean(nothing, cluster))).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});

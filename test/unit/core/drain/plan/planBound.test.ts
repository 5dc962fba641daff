import { boundOf, timedAnew } from "../../../../../core/drain/plan/planBound";
import { NOW, planOf, planPod } from "./facts";

describe("the time of a drain", () => {
  const seen = (name: string, more = {}) => planPod(name, { readySince: 8_000, preStopSeconds: 4, ...more });
  const pods = ["web-1", "web-2", "web-3"].map(name => seen(name));

  it("is bounded by the longest chain, from what the pods themselves showed", () => {
    const plan = planOf({ pods });
    expect(plan.bound).toEqual({
      seconds: 21.4,
      binding: "PDB shop/web",
      words: "PDB shop/web: 3 pods, 1 at a time, 8.2 s each, 8 s to start (as seen)",
    });
    expect(plan.predictedSeconds).toBe(25);
  });

  it("is told anew by the starts that were watched meanwhile", () => {
    const { terms } = planOf({ pods });
    const watched = (owner: string) => boundOf(timedAnew(terms, new Map([[owner, 2_000]])));
    expect(watched("rs-web")).toMatchObject({ seconds: 9.4, binding: "PDB shop/web" });
    expect(watched("another").seconds).toBe(21.4);
  });

  it("takes ten seconds for a start where nothing is known", () => {
    expect(planOf({}).bound).toMatchObject({
      seconds: 21.4,
      words: expect.stringContaining("assumed") as string,
    });
  });

  it("names the platform where it is slower than the budgets", () => {
    expect(planOf({ pods, rates: { controllerWrites: 0.1 } })).toMatchObject({
      bound: { seconds: 90, binding: "controller writes" },
      predictedSeconds: 90,
    });
  });

  it("adds the end of the predecessor where it must be gone first", () => {
    const exclusiveClaims = new Set(["shop/data"]);
    const stored = pods.map(pod => ({ ...pod, claims: ["data"] }));
    expect(planOf({ pods: stored }).bound.seconds).toBe(21.4);
    expect(planOf({ pods: stored, exclusiveClaims }).bound.seconds).toBe(31.4);
  });

  it("is at least the time that a pod asks for", () => {
    const asks = planPod("asks", { annotations: { "karpenter.sh/do-not-disrupt": "1h" }, startedAt: NOW });
    expect(planOf({ pods: [...pods, asks] })).toMatchObject({
      bound: { seconds: 3_600, binding: "shop/asks" },
      predictedSeconds: 3_600,
    });
  });
});

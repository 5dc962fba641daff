import { SHOP_MANIFESTS } from "../../../../lab/demo/shop/manifests";
import { pathOf } from "../../../../lab/demo/shop/openShop";

const namesOf = (kind: string) =>
  SHOP_MANIFESTS.filter(one => one.kind === kind).map(one => one.metadata.name);

describe("the shop", () => {
  it("has every kind of workload that an upgrade can break", () => {
    const kinds = [
      "Deployment",
      "StatefulSet",
      "DaemonSet",
      "Job",
      "CronJob",
      "HorizontalPodAutoscaler",
      "PodDisruptionBudget",
    ];
    expect(kinds.filter(kind => namesOf(kind).length === 0)).toEqual([]);
  });

  it("has workloads with a budget and some without, a StatefulSet among each", () => {
    const budgets = namesOf("PodDisruptionBudget");
    const bare = (kind: string) => namesOf(kind).filter(name => !budgets.includes(name));
    expect([bare("Deployment"), bare("StatefulSet")]).toEqual([["search", "mailer"], ["sessions"]]);
  });

  it("names each object once, under the path of its kind", () => {
    const paths = SHOP_MANIFESTS.map(pathOf);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths.slice(0, 2)).toEqual([
      "/api/v1/namespaces/shop",
      "/apis/policy/v1/namespaces/shop/poddisruptionbudgets/frontend",
    ]);
  });
});

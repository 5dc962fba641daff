import { openShop, type ShopWish } from "./shop";
import { deployment } from "./server";

const SHOP = [{ namespace: "shop" }];

const paused = (replicas: number): Pick<ShopWish, "deployment"> => {
  const web = deployment(replicas);
  return { deployment: { ...web, spec: { ...web.spec, paused: true } } };
};

const drain = async (wish: ShopWish) => {
  const shop = openShop({ ...wish, driven: true });
  await shop.until(() => shop.outcome !== undefined);
  await shop.ladder.close();
  return {
    outcome: shop.outcome?.kind,
    fewest: shop.least,
    evicted: shop.evicted,
    replicas: shop.replicas(),
    nodes: [...new Set(shop.pods.map(({ spec }) => spec?.["nodeName"]))],
  };
};

describe("a drain with a ladder", () => {
  it.each<[string, ShopWish, object]>([
    [
      "moves a surge-first Deployment without a single eviction",
      { rules: { surgeFirst: SHOP }, blue: 3 },
      { outcome: "drained", fewest: 3, evicted: [], replicas: 3, nodes: ["green-0"] },
    ],
    [
      "also one without a PDB, which evictions would make short of pods",
      { rules: { surgeFirst: SHOP }, blue: 3, budget: "none" },
      { outcome: "drained", fewest: 3, evicted: [], replicas: 3, nodes: ["green-0"] },
    ],
    [
      "frees a budget that lets none go by a surge, evicts, and takes the surge back",
      { rules: { surge: SHOP }, blue: 2 },
      { outcome: "drained", fewest: 2, evicted: ["web-0", "web-1"], replicas: 2, nodes: ["green-0"] },
    ],
    [
      "never takes down a single pod without a PDB that a surge can spare",
      { rules: { surge: SHOP }, blue: 1, budget: "none" },
      { outcome: "drained", fewest: 1, evicted: ["web-0"], replicas: 1, nodes: ["green-0"] },
    ],
    [
      "does nothing for a workload that nobody opted in",
      { rules: {}, blue: 2 },
      { outcome: "blocked", fewest: 2, evicted: [], replicas: 2, nodes: ["blue-0"] },
    ],
    [
      "ends blocked when its only rung is refused",
      { rules: { surge: SHOP }, blue: 2, ...paused(2) },
      { outcome: "blocked", fewest: 2, evicted: [], replicas: 2, nodes: ["blue-0"] },
    ],
    [
      "ends blocked when a surge-first is refused and its budget lets none go",
      { rules: { surgeFirst: SHOP }, blue: 2, ...paused(2) },
      { outcome: "blocked", fewest: 2, evicted: [], replicas: 2, nodes: ["blue-0"] },
    ],
    [
      "evicts a single pod after all when nothing can spare it",
      { rules: { surge: SHOP }, blue: 1, budget: "none", ...paused(1) },
      { outcome: "drained", fewest: 0, evicted: ["web-0"], replicas: 1, nodes: ["green-0"] },
    ],
  ])("%s", async (_, wish, expected) => expect(await drain(wish)).toEqual(expected));
});

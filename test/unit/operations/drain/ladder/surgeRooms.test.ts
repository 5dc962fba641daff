import { openShop, type Shop, type ShopWish } from "./shop";
import { NODES, type RawObject } from "./server";

const SHOP = [{ namespace: "shop" }];
const QUOTAS = "/api/v1/resourcequotas";

const node = (name: string, more: object, spec: object = {}): RawObject => ({
  metadata: { name, uid: name, labels: {} },
  spec: spec as RawObject["spec"] & object,
  status: { conditions: [{ type: "Ready", status: "True" }], allocatable: more },
});

const blue = node("blue-0", { pods: "110" }, { unschedulable: true });
const withGreen = (pods: number): Partial<ShopWish> => ({
  roomProven: false,
  objects: { [NODES]: [blue, node("green-0", { pods: String(pods) })] },
});

const withQuota = (hard: number, used: number): Partial<ShopWish> => ({
  objects: {
    [QUOTAS]: [
      {
        metadata: { name: "count", namespace: "shop", uid: "q" },
        status: { hard: { pods: String(hard) }, used: { pods: String(used) } },
      },
    ],
  },
});

/** The largest number that the ladder ever set. */
const highest = ({ server }: Pick<Shop, "server">): number =>
  Math.max(
    0,
    ...server
      .bodies("PATCH", "/deployments/web")
      .map(body => (body as { spec?: { replicas?: number } }).spec?.replicas ?? 0),
  );

const play = async (wish: Partial<ShopWish>, ends: (shop: Shop) => boolean) => {
  const shop = openShop({ rules: { surgeFirst: SHOP }, blue: 3, ...wish });
  await shop.until(() => ends(shop));
  await shop.ladder.close();
  return { highest: highest(shop), log: shop.log };
};

const isReleased = ({ words }: Shop): boolean => words.some(({ released }) => released.size > 0);
const isOver = ({ pods, replicas }: Shop): boolean =>
  replicas() === 3 && pods.every(({ spec }) => spec?.["nodeName"] === "green-0");

const NO_ROOM = "NO_ROOM: green has no room for a successor beside its predecessor";
const FULL =
  "QUOTA_EXHAUSTED: ResourceQuota shop/count allows pods 3 and 3 are used (one more pod takes 1): raise it, or delete what is not needed";

describe("a surge-first asks for no more than", () => {
  it("green can take: all at once", async () => {
    expect(await play(withGreen(3), isOver)).toMatchObject({ highest: 6 });
  });

  it("green can take: some, and the rest goes by eviction", async () => {
    const { highest: most, log } = await play(withGreen(2), isReleased);
    expect(most).toBe(5);
    expect(log).toContain(`Deployment shop/web: no surge-first, it goes by eviction: ${NO_ROOM}`);
  });

  it("green can take: none", async () => {
    expect(await play(withGreen(0), isReleased)).toMatchObject({ highest: 0 });
  });

  it("was proven, without reading every pod again", async () => {
    const shop = openShop({ rules: { surgeFirst: SHOP }, blue: 3 });
    await shop.until(() => isOver(shop));
    await shop.ladder.close();
    expect(shop.server.calls.filter(({ path }) => path === "/api/v1/pods")).toEqual([]);
  });

  it("a quota of the namespace lets in", async () => {
    expect(await play(withQuota(5, 3), shop => highest(shop) > 3)).toMatchObject({ highest: 5 });
  });

  it("a quota lets in: none, with its name and numbers", async () => {
    const { highest: most, log } = await play(withQuota(3, 3), isReleased);
    expect(most).toBe(0);
    expect(log).toEqual([`Deployment shop/web: no surge-first, it goes by eviction: ${FULL}`]);
  });
});

const isExhausted = ({ words }: Shop): boolean => words.some(({ exhausted }) => exhausted.size > 0);

describe("a surge for a blocked workload", () => {
  const surge = { rules: { surge: SHOP } };

  it.each<[string, Partial<ShopWish>, string]>([
    ["green has no room", withGreen(0), NO_ROOM],
    ["a quota is used up", withQuota(3, 3), FULL],
  ])("is refused where %s", async (_, wish, why) => {
    const { highest: most, log } = await play({ ...surge, ...wish }, isExhausted);
    expect(most).toBe(0);
    expect(log).toEqual([`Deployment shop/web: surge does not help: ${why}`]);
  });

  it("is as small as what is left", async () => {
    expect(await play({ ...surge, ...withGreen(1) }, shop => highest(shop) > 0)).toMatchObject({
      highest: 4,
    });
  });
});

describe("a rollout restart", () => {
  const restarting = { rules: { rolloutRestart: SHOP } };
  const restarts = ({ server }: Shop): readonly unknown[] =>
    server.bodies("PATCH", "/deployments/web").filter(body => "spec" in (body as object));
  const restart = async (wish: Partial<ShopWish>, ends: (shop: Shop) => boolean) => {
    const shop = openShop({ ...restarting, blue: 3, ...wish });
    await shop.until(() => ends(shop));
    await shop.ladder.close();
    return { restarts: restarts(shop).length, log: shop.log };
  };

  it.each<[string, Partial<ShopWish>, string]>([
    ["green has no room", withGreen(0), NO_ROOM],
    ["a quota is used up", withQuota(3, 3), FULL],
  ])("is refused where %s: it would stand still", async (_, wish, why) => {
    expect(await restart(wish, isExhausted)).toEqual({
      restarts: 0,
      log: [`Deployment shop/web: rollout-restart does not help: ${why}`],
    });
  });

  it.each<[string, Partial<ShopWish>]>([
    ["on green", withGreen(1)],
    ["in the quota", withQuota(4, 3)],
  ])("begins with room for one pod %s", async (_, wish) => {
    const ends = (shop: Shop): boolean => restarts(shop).length > 0;
    expect(await restart(wish, ends)).toMatchObject({ restarts: 1 });
  });
});

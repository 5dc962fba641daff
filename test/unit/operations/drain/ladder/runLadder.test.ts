import { LADDER_ANNOTATION } from "../../../../../core/drain/ladder/names";
import { startLadder } from "../../../../../operations/drain/ladder";
import { START, talk } from "../../../../support/drainSimulator/builders";
import { failed } from "../../../../support/scriptedApi";
import { surgedBy } from "../../../../support/surgeMarks";
import { openShop, type Shop, type ShopWish } from "./shop";
import { deployment, DEPLOYMENTS, podAt, WEB } from "./server";

const SHOP = [{ namespace: "shop" }];
const annotationsOf = ({ server }: Shop): unknown => server.get(WEB)?.metadata.annotations;
const nodesOf = ({ pods }: Shop): readonly unknown[] => pods.map(({ spec }) => spec?.["nodeName"]);
const reasons = ({ server }: Shop): readonly unknown[] =>
  server.bodies("POST", "/namespaces/shop/events").map(body => (body as { reason: string }).reason);

describe("a surge-first", () => {
  it("moves a Deployment that no eviction could move, and is never short of a pod", async () => {
    const shop = openShop({ rules: { surgeFirst: SHOP }, blue: 3 });
    await shop.until(() => nodesOf(shop).every(name => name === "green-0") && shop.replicas() === 3);
    await shop.until(() => !(LADDER_ANNOTATION.surge in (annotationsOf(shop) as object)));
    expect(shop.least).toBe(3);
    expect(shop.pods).toHaveLength(3);
    expect(shop.ladder.climbs).toMatchObject([
      {
        workload: "shop/Deployment/web",
        rung: "surge-first",
        why: expect.stringContaining("3 successors") as string,
      },
      {
        workload: "shop/Deployment/web",
        rung: "surge-first",
        why: expect.stringContaining("the pods on blue go") as string,
      },
    ]);
    expect(reasons(shop)).toEqual(["DrainSurgeFirst", "DrainSurgeFirst"]);
    expect(shop.words).toEqual([]);
    expect(await shop.ladder.close()).toEqual([]);
  });

  it("#92 goes on from what a killed run left on the Deployment", async () => {
    const wave = { phase: "up", blue: 2, green: 0, stalls: 0 };
    const record = { run: "killed", rung: "surge-first", baseline: 2, surge: 4, at: 1_000_000, wave };
    const left = deployment(4, surgedBy(record));
    const shop = openShop({ rules: { surgeFirst: SHOP }, blue: 2, deployment: left });
    await shop.until(() => nodesOf(shop).every(name => name === "green-0") && shop.replicas() === 2);
    expect(shop.least).toBeGreaterThanOrEqual(2);
    expect(shop.ladder.climbs).toHaveLength(1);
    await shop.ladder.close();
    expect(annotationsOf(shop)).toEqual({});
  });

  it("#92 takes what a killed run left off the record also when this run is through at once", async () => {
    const wave = { phase: "down", blue: 2, green: 0, stalls: 0 };
    const record = { run: "killed", rung: "surge-first", baseline: 2, surge: 4, at: 1_000_000, wave };
    const left = deployment(2, surgedBy(record));
    const shop = openShop({ rules: { surgeFirst: SHOP }, blue: 2, deployment: left });
    let turns = 0;
    await shop.until(() => ++turns === 2);
    await shop.ladder.close();
    expect(annotationsOf(shop)).toEqual({});
    expect(shop.replicas()).toBe(2);
  });

  it("leaves to eviction what it must not touch, and says why", async () => {
    const paused = { ...deployment(2), spec: { ...deployment(2).spec, paused: true } };
    const shop = openShop({ rules: { surgeFirst: SHOP }, blue: 2, deployment: paused });
    await shop.until(() => shop.words.length > 0);
    expect(shop.words[0]?.released).toEqual(new Set(["shop/Deployment/web"]));
    expect(shop.log).toEqual([
      "Deployment shop/web: no surge-first, it goes by eviction: PAUSED: its rollout is paused",
    ]);
    await shop.ladder.close();
    expect(shop.server.writes()).toEqual([]);
  });

  it("gives up what it may not write, and is asked for by annotation alone as well", async () => {
    const interrupt = ({ method }: { method: string }) =>
      method === "PATCH" ? failed(403, { reason: "Forbidden", message: "no patch" }) : undefined;
    const shop = openShop({ rules: { surgeFirst: SHOP }, blue: 2, interrupt });
    await shop.until(() => shop.words.length > 0);
    expect(shop.words[0]?.released.size).toBe(1);
    expect(shop.log[0]).toContain("no patch");
    await shop.ladder.close();
  });
});

describe("a surge", () => {
  it("goes up for a blocked workload and comes down when blue has none of its pods", async () => {
    const shop = openShop({ rules: { surge: SHOP }, blue: 1 });
    await shop.until(() => shop.replicas() === 2);
    await shop.until(() => shop.log.length > 0);
    expect(annotationsOf(shop)).toEqual({
      [LADDER_ANNOTATION.surge]: expect.stringContaining('"baseline":1') as string,
    });
    // As the engine would, now that the budget has room.
    await shop.server.kube.request({ method: "DELETE", path: podAt("web-0") });
    await shop.until(() => shop.replicas() === 1);
    await shop.until(() => shop.ladder.climbs.length === 2);
    expect(nodesOf(shop)).toEqual(["green-0"]);
    expect(annotationsOf(shop)).toEqual({});
    expect(reasons(shop)).toEqual(["DrainSurge", "DrainSurge"]);
    expect(await shop.ladder.close()).toEqual([]);
  });

  it("comes down when the run ends before it has helped", async () => {
    const shop = openShop({ rules: { surge: SHOP }, blue: 1 });
    await shop.until(() => shop.replicas() === 2);
    expect(await shop.ladder.close()).toEqual(["Deployment shop/web: back from 2 to 1"]);
    expect(shop.replicas()).toBe(1);
  });

  it("is not made without the lease, nor taken back", async () => {
    const shop = openShop({ rules: { surge: SHOP }, blue: 1 });
    await shop.until(() => shop.replicas() === 2);
    shop.mayAct = false;
    expect(await shop.ladder.close()).toEqual([]);
    expect(shop.replicas()).toBe(2);
  });
});

describe("a drain that ends", () => {
  /** One that had nothing to do. */
  const passBy = async ({ server }: Shop, run: string): Promise<readonly string[]> => {
    const ports = { kube: server.kube, now: Date.now, log: () => undefined };
    const ladder = startLadder({ ...ports, mayAct: () => true, onWord: () => undefined }, { run });
    ladder.tell(talk([], { ladder: {} }).state());
    return ladder.close();
  };

  it("leaves the surge of another drain of its run, which is at work under the same lease", async () => {
    const shop = openShop({ rules: { surge: SHOP }, blue: 1 });
    await shop.until(() => shop.replicas() === 2);
    expect(await passBy(shop, "run-1")).toEqual([]);
    expect(shop.replicas()).toBe(2);
    expect(await shop.ladder.close()).toEqual(["Deployment shop/web: back from 2 to 1"]);
  });

  it("takes back the surge of another run, which the lease says is over", async () => {
    const shop = openShop({ rules: { surge: SHOP }, blue: 1 });
    await shop.until(() => shop.replicas() === 2);
    expect(await passBy(shop, "run-2")).toEqual(["Deployment shop/web: back from 2 to 1"]);
    expect(await shop.ladder.close()).toEqual([]);
  });
});

it("tells the engine when no rung is left, with each refusal", async () => {
  const stuck = { ...deployment(2), spec: { ...deployment(2).spec, paused: true } };
  const shop = openShop({ rules: { surge: SHOP, rolloutRestart: SHOP }, blue: 2, deployment: stuck });
  await shop.until(() => shop.words.length > 0);
  expect(shop.words[0]?.exhausted).toEqual(new Set(["pdb:shop/web"]));
  expect(shop.log).toEqual([
    "Deployment shop/web: surge does not help: PAUSED: its rollout is paused; rollout-restart does not help: PAUSED: its rollout is paused",
  ]);
  await shop.ladder.close();
});

it("#61 forces one pod of a budget, and no second one right after it", async () => {
  const force = {
    ...{ selectors: SHOP, afterSeconds: 0, minPodAgeSeconds: 0, everySeconds: 300 },
    ...{ minHealthySiblingAgeSeconds: 0, minUnhealthySiblingAgeSeconds: 0 },
  };
  const shop = openShop({ rules: { force }, blue: 3 });
  await shop.until(() => shop.pods.length === 3 && nodesOf(shop).includes("green-0"));
  for (let turn = 0; turn < 10; turn++) {
    let looked = false;
    await shop.until(() => looked || ((looked = true), false));
  }
  expect(shop.server.calls.filter(({ method }) => method === "DELETE")).toHaveLength(1);
  expect(reasons(shop)).toEqual(["DrainForced"]);
  await shop.ladder.close();
});

describe("a restart that a killed run has begun", () => {
  const begun = (status: object): ShopWish => {
    const annotations = { [LADDER_ANNOTATION.restarted]: JSON.stringify({ run: "killed", at: START }) };
    const left = deployment(3, { annotations });
    return { rules: {}, blue: 3, deployment: { ...left, status: { ...left.status, ...status } } };
  };
  const moving = ({ words }: Shop): readonly string[] => [...(words.at(-1)?.restarting.keys() ?? [])];

  it("is known before anything moves, and waited for to its end", async () => {
    const shop = openShop(begun({ updatedReplicas: 1 }));
    await shop.ladder.begin();
    expect(moving(shop)).toEqual(["shop/Deployment/web"]);
    await shop.until(() => moving(shop).length === 0);
    expect(shop.words).toHaveLength(2);
  });

  it("does not keep the engine waiting where nobody can look", async () => {
    const shop = openShop({
      ...begun({}),
      interrupt: ({ path }) => (path === DEPLOYMENTS ? failed(500) : undefined),
    });
    await shop.ladder.begin();
    expect(shop.words).toEqual([]);
    expect(shop.log).toEqual([expect.stringContaining("the ladder: ")]);
  });
});

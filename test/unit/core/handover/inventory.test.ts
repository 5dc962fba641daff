import { type Carried, demandOf, lacking, nameOf, twice } from "../../../../core/handover/inventory";

const thing = (kind: string, name: string, rest: Partial<Carried> = {}): Carried => ({
  kind,
  namespace: "shop",
  name,
  ...rest,
});
const web = (wanted: number, serving: number): Carried =>
  thing("Deployment", "web", { replicas: { wanted, serving } });
const config = thing("ConfigMap", "web");
const blue = [web(10, 10), config];
const must = blue.map(nameOf);
const demand = demandOf(blue);

describe("what a cluster lacks to carry a share", () => {
  it("is nothing where all is there and serves", () => {
    expect(lacking(must, [web(10, 10), config], { percent: 100, demand })).toEqual([]);
  });

  it("names what is missing and what does not serve", () => {
    expect(lacking([...must, "Secret shop/key"], [web(3, 2)], { percent: 5, demand })).toEqual([
      "ConfigMap shop/web to be there",
      "Deployment shop/web to serve 3 replicas (2 do)",
      "Secret shop/key to be there",
    ]);
  });

  it("wants the share of what blue had, whatever the cluster itself wants", () => {
    const small = [web(3, 3), config];
    expect(lacking(must, small, { percent: 25, demand })).toEqual([]);
    expect(lacking(must, small, { percent: 50, demand })).toEqual([
      "Deployment shop/web to serve 5 replicas, its share of what blue had (it wants 3, 3 serve: scale it up)",
    ]);
  });

  it("waits for addresses and volumes", () => {
    const found = [web(10, 10), config, thing("Service", "web", { waits: "an address" })];
    expect(lacking(must, found, { percent: 5, demand })).toEqual(["Service shop/web to have an address"]);
  });

  it("is nothing without a share", () => {
    expect(lacking(must, [], { percent: 0, demand })).toEqual([]);
  });

  it("leaves out of blue's measure what every node runs", () => {
    const agent = thing("DaemonSet", "agent", { replicas: { wanted: 9, serving: 9 } });
    expect(demandOf([...blue, agent])).toEqual({ "Deployment shop/web": 10 });
  });
});

it("what starts by the clock in both clusters is named", () => {
  const nightly = thing("CronJob", "nightly", { recurs: true });
  const asleep = thing("CronJob", "nightly");
  expect(twice([nightly], [nightly])).toEqual(["CronJob shop/nightly"]);
  expect(twice([nightly], [asleep])).toEqual([]);
});

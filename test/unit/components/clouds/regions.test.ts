import { judgeRegion as judgeAks } from "../../../../components/clouds/aks/live/readiness/region";
import { checkPlace, judgeRegion as judgeEks } from "../../../../components/clouds/eks/live/place";
import { judgeRegion as judgeGke } from "../../../../components/clouds/gke/live/place";

const aws = ["eu-west-1", "eu-south-1"].map(name => ({ name, enabled: name !== "eu-south-1" }));

describe("a region of config", () => {
  it("is refused where its cloud has none of that name, with the nearest it has", () => {
    expect(judgeEks("eu-wset-1", aws)).toMatchObject([{ code: "Eks.RegionUnknown", path: "cluster.region" }]);
    expect(judgeEks("eu-wset-1", aws)[0]?.fix).toContain("nearest are eu-west-1, eu-south-1");
    expect(judgeGke("europe-west99", ["us-east1", "europe-west9"])[0]?.fix).toContain("are europe-west9, us");
    expect(judgeAks("westeurope9", ["East US", "West Europe"]).blockers[0]?.fix).toContain("are westeurope,");
  });

  it("is let pass where the cloud has it, however Azure writes it", () => {
    expect(judgeEks("eu-west-1", aws)).toEqual([]);
    expect(judgeGke("europe-west9", ["europe-west9"])).toEqual([]);
    expect(judgeAks("West Europe", ["West Europe"]).blockers).toEqual([]);
    expect(judgeAks("westeurope", ["West Europe"]).blockers).toEqual([]);
  });

  it("is refused where the account has not enabled it", () => {
    expect(judgeEks("eu-south-1", aws)).toMatchObject([{ code: "Eks.RegionNotEnabled" }]);
  });

  it("is never refused by an empty list, nor in a partition whose list is not asked for", async () => {
    expect([judgeEks("x", []), judgeGke("x", []), judgeAks("x", []).blockers]).toEqual([[], [], []]);
    const place = { cloud: "eks", name: "c", region: "us-iso-east-1" } as const;
    expect(await checkPlace(place, AbortSignal.abort())).toEqual([]);
  });
});

import { connectionOf, parseStack } from "../../../../core/config";
import { eksCluster } from "../../../support/eksStack";

const connect = (cluster: object) => {
  const parsed = parseStack({
    cluster,
    backup: { kind: "none" },
    pools: { w: { size: { min: 1, max: 1 }, image: "1.36.4-20261105", machine: "m" } },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return connectionOf(parsed.value.cluster);
};

describe("a connection recipe", () => {
  it("holds only what says where the cluster is", () => {
    const account = "111122223333";
    expect(connect({ ...eksCluster("eu", "1.36"), account })).toEqual({
      ...{ cloud: "eks", name: "eu", region: "eu-west-1", account },
    });
  });

  it("has no absent keys, which the engine could not store", () => {
    expect(Object.keys(connect({ name: "local", cloud: "lab", version: "1.36" }))).toEqual(["cloud", "name"]);
  });
});

import { connectionOf, parseStack } from "../../../../core/config";

const connect = (cluster: object) => {
  const parsed = parseStack({
    cluster,
    pools: { w: { size: { min: 1, max: 1 }, image: "i", machine: "m" } },
  });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return connectionOf(parsed.value.cluster);
};

describe("a connection recipe", () => {
  it("holds only what says where the cluster is", () => {
    expect(
      connect({ name: "eu", cloud: "aks", version: "1.36", region: "westeurope", account: "1" }),
    ).toEqual({
      cloud: "aks",
      name: "eu",
      region: "westeurope",
      account: "1",
    });
  });

  it("has no absent keys, which the engine could not store", () => {
    expect(Object.keys(connect({ name: "local", cloud: "lab", version: "1.36" }))).toEqual(["cloud", "name"]);
  });
});

import { checkSameCluster } from "../../../../operations/preflight/sameCluster";

const known = { cloud: "eks", name: "prod", region: "eu-west-1", kubeconfig: "/old" } as const;
const there = (): Promise<boolean> => Promise.resolve(true);
const gone = (): Promise<boolean> => Promise.resolve(false);

describe("the cluster a stack manages", () => {
  it.each([
    ["nothing known yet", { ...known, name: "other" }, undefined],
    ["the same", known, known],
    ["another place of its kubeconfig", { ...known, kubeconfig: "/new" }, known],
    ["what was not said before", { ...known, account: "111122223333" }, known],
  ] as const)("stays the same with %s", async (_what, wanted, before) => {
    expect(await checkSameCluster(wanted, before, there)).toEqual([]);
  });

  it("is another one by name, region or cloud, each refused with its line", async () => {
    const { region: _region, ...elsewhere } = known;
    const found = await checkSameCluster({ ...elsewhere, cloud: "gke", name: "new" }, known, there);
    expect(found.map(({ path }) => path)).toEqual(["cluster.cloud", "cluster.name", "cluster.region"]);
    expect(found[1]?.fix).toMatch(/^set cluster.name: prod; /);
  });

  it("may become another one where the cloud says that the first is not there", async () => {
    expect(await checkSameCluster({ ...known, region: "eu-west-2" }, known, gone)).toEqual([]);
  });

  it("is not given up where nobody can tell whether it is there", async () => {
    const unknown = (): Promise<boolean> => Promise.reject(new Error("no answer"));
    await expect(checkSameCluster({ ...known, name: "new" }, known, unknown)).rejects.toThrow("no answer");
  });
});
